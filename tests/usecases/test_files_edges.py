"""Files at the edges: what goes on for ever, what happened meanwhile, and what is not there."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from dependency_injector import providers

from helpdesk.adapters.memory.conversion import MemoryConversion
from helpdesk.domain.attachment import MediaChanged, MediaWanted, with_media
from helpdesk.domain.bridge import ReadReceiptRequested
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import MediaKind, MediaLimits, MediaNotFoundError, Recognised, Source
from helpdesk.domain.ids import MessageId
from helpdesk.domain.media import PHOTO_SIZE, Form, MediaState
from helpdesk.domain.message import Message
from helpdesk.domain.usecases.convert_media import REST, WORKERS
from helpdesk.domain.usecases.keep_files import KeepFiles
from helpdesk.domain.usecases.send_media import Kept, Upload
from helpdesk.domain.usecases.track_media import LIVELY_REST, LONGEST_REST
from helpdesk.ports.chores import Chore
from helpdesk.ports.conversion import Converted
from tests.support.builders import fresh
from tests.support.streams import pieces
from tests.support.team import Firm
from tests.support.waiting import soon, waiting
from tests.usecases.files import JPEG, Sources, Way

DAYS = {MediaKind.IMAGE: timedelta(days=30)}


class Crashing(MemoryConversion):
    """Has a bug."""

    async def convert(
        self,
        original: Path,
        recognised: Recognised,
        *,
        into: Path,
        forms: frozenset[Form],
        photo_size: int = PHOTO_SIZE,
    ) -> Converted:
        raise RuntimeError("boom")


@dataclass
class Sleeper:
    """Lets time pass as it likes, and tells when it was asked to for the `enough`-th time."""

    enough: int
    passing: Callable[[], object]
    asked: list[float] = field(default_factory=list)
    tired: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        if len(self.asked) >= self.enough:
            self.tired.set()
            await asyncio.Event().wait()
        self.passing()
        await asyncio.sleep(0)


async def cancelled(running: asyncio.Task[None]) -> None:
    """Cancel what never ends by itself."""
    assert not running.done()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await soon(running)


@pytest.fixture
def way(firm: Firm) -> Way:
    return Way(firm)


@pytest.fixture
def scratch(firm: Firm, tmp_path: Path) -> Path:
    """Where files are converted in this test."""
    scratch = tmp_path / "scratch"
    filing = replace(firm.cases.filing(), scratch=scratch)
    firm.cases.filing.override(providers.Object(filing))
    return scratch


async def keep(firm: Firm) -> Kept:
    upload = Upload(chunks=pieces(JPEG), name="a.jpg", mime="image/jpeg")
    return await firm.cases.send_media().keep(upload, MediaLimits())


async def remove(firm: Firm, it: Message) -> None:
    """Remove a message's file, and forget none of its chores."""
    media = it.content.media
    assert media
    await firm.office.keep(replace(it, content=replace(it.content, media=media.remove())))


async def test_the_queue_of_conversions_is_worked_off_until_cancelled(
    firm: Firm, way: Way, scratch: Path
) -> None:
    sent = [await way.send(JPEG + bytes([number])) for number in range(5)]
    assert [(await way.media(it)).processing for it in sent] == [True] * 5
    all_rest, rested = asyncio.Barrier(sum(WORKERS.values()) + 1), list[float]()

    async def sleep(seconds: float) -> None:
        rested.append(seconds)
        await all_rest.wait()

    converting = asyncio.create_task(firm.cases.convert_media(sleep=sleep)())
    await soon(all_rest.wait())
    assert [(await way.media(it)).processing for it in sent] == [False] * 5
    late = await way.send(JPEG + b"late")
    await soon(all_rest.wait())  # they may have gone to rest before it came
    await soon(all_rest.wait())
    assert not (await way.media(late)).processing
    assert set(rested) == {REST}
    await cancelled(converting)


async def test_a_worker_that_fails_ends_the_others_and_says_why(
    firm: Firm, way: Way, scratch: Path
) -> None:
    firm.cases.conversion.override(providers.Object(Crashing()))
    await way.send()
    with pytest.raises(RuntimeError, match="boom"):
        await soon(firm.cases.convert_media()())


async def test_a_conversion_whose_message_is_not_there_keeps_no_other_from_its_turn(
    firm: Firm, way: Way, scratch: Path
) -> None:
    real = await way.send()
    ghost = replace(real, id=MessageId(fresh()))
    async with firm.store.transaction() as work:
        await work.chores.schedule(Chore.CONVERT, ghost, due_at=firm.now() - timedelta(hours=1))
    convert = firm.cases.convert_media()
    assert await convert.once()
    assert (await way.media(real)).processing
    assert await convert.once()
    assert not (await way.media(real)).processing
    assert not await convert.once()


async def test_bytes_that_are_not_those_announced_are_not_taken(firm: Firm) -> None:
    fetch = firm.cases.fetch_media(bridge=Sources(files={"a": JPEG}))
    source = Source(ref="a", name="a.jpg", mime="image/jpeg", sha256=sha256(JPEG).hexdigest())
    file = await fetch(source, MediaKind.IMAGE, seconds=30)
    assert file.blob.sha256 == source.sha256
    with pytest.raises(UnavailableError, match="not the one that was announced"):
        await fetch(replace(source, sha256="0" * 64), MediaKind.IMAGE, seconds=30)


async def test_orphans_are_deleted_where_there_is_no_simulator(firm: Firm) -> None:
    firm.now.at = firm.now.at.replace(year=2100)  # the store of files has a clock of its own
    way = Way(firm)
    sent = await way.send()
    orphan = await firm.cases.media().put(pieces(b"orphan"), limit=9)
    keeper: KeepFiles = firm.cases.keep_files(keep={}, grace=timedelta(), simulator=None)
    assert await keeper.clean_up() == 1
    assert await way.bytes_of(await way.media(sent)) == JPEG
    with pytest.raises(MediaNotFoundError):
        async with firm.cases.media().open(orphan.blob):
            pass


async def test_a_file_that_somebody_else_just_removed_is_not_removed_again(firm: Firm) -> None:
    way = Way(firm)
    old = await way.send()
    firm.later(days=31)
    await firm.settle()
    keeper: KeepFiles = firm.cases.keep_files(keep=DAYS, simulator=None)
    async with firm.store.transaction() as work:
        held = await work.messages.load(old.id)
        keeping = await waiting(keeper())  # it found the file, and waits for its message
        assert held.content.media
        attendance = await work.attendances.find(held.attendance_id)
        removed = held.content.media.remove()
        await work.save(with_media(held, removed, attendance, firm.now()))
    await soon(keeping)
    assert (await way.media(old)).state is MediaState.REMOVED
    assert len(await firm.told(MediaChanged)) == 1


async def test_bots_are_asked_for_what_is_due_until_cancelled(firm: Firm, way: Way) -> None:
    way.bridge.troubles = [UnavailableError()]
    sent = await way.send()
    await firm.settle()
    firm.later(hours=1)
    sleeper = Sleeper(enough=5, passing=lambda: firm.later(seconds=2))
    ordering = asyncio.create_task(firm.cases.order_fetches(sleep=sleeper)())
    await soon(sleeper.tired.wait())
    await cancelled(ordering)
    assert [it.message_id for it in await firm.told(MediaWanted)] == [sent.id]
    # For a while after it asked it looks often: what comes of it may be due soon.
    assert sleeper.asked == [LIVELY_REST] * 3 + [LONGEST_REST] * 2


async def test_a_file_that_is_not_due_yet_is_not_asked_for(firm: Firm, way: Way) -> None:
    way.bridge.troubles = [UnavailableError()]
    it = await way.send()
    await firm.settle()
    async with firm.store.transaction() as work:
        await work.chores.schedule(Chore.FETCH, it, due_at=firm.now() + timedelta(seconds=0.5))
    order = firm.cases.order_fetches()
    assert await order.once() == (0, 0.5)
    assert await firm.told(MediaWanted) == []
    firm.later(seconds=0.5)
    assert await order.once() == (1, LONGEST_REST)
    assert [wanted.message_id for wanted in await firm.told(MediaWanted)] == [it.id]


async def test_a_file_that_was_removed_while_it_was_awaited_is_not_asked_for(
    firm: Firm, way: Way
) -> None:
    way.bridge.troubles = [UnavailableError()]
    await remove(firm, await way.send())
    firm.later(hours=1)
    await firm.settle()
    await firm.cases.order_fetches().once()
    assert await firm.told(MediaWanted) == []
    firm.later(hours=2)  # nor is it tried again when the lease is over
    assert await firm.cases.order_fetches().once() == (0, LONGEST_REST)


async def test_a_file_that_did_not_come_yet_cannot_be_shown(firm: Firm, way: Way) -> None:
    way.bridge.troubles = [UnavailableError()]
    it, read = await way.send(), firm.cases.read_media()
    media = await way.media(it)
    with pytest.raises(MediaNotFoundError):
        await read.find(media.id, None, by=firm.office.ana)
    with pytest.raises(MediaNotFoundError):
        await read.links(media.id, by=firm.office.ana)
    await way.retry()
    shown = await read.find(media.id, None, by=firm.office.ana)
    assert shown.blob == (await way.media(it)).blob


async def test_a_rendition_that_was_not_made_cannot_be_shown(firm: Firm, way: Way) -> None:
    media, read = await way.media(await way.send()), firm.cases.read_media()
    with pytest.raises(MediaNotFoundError):
        await read.find(media.id, Form.POSTER, by=firm.office.ana)
    assert (await read.find(media.id, None, by=firm.office.ana)).blob == media.blob


async def test_who_takes_what_waits_by_sending_a_file_has_read_it(firm: Firm, way: Way) -> None:
    heard = await way.send(caption="Veja")
    await firm.settle()
    files, send = [await keep(firm)], firm.cases.send_media()
    await send(heard.attendance_id, files, by=firm.office.ana)
    assert [it.provider_id for it in await firm.told(ReadReceiptRequested)] == [heard.provider_id]
    taken = await firm.attendance(heard.attendance_id)
    assert (taken.attendant_id, taken.unread) == (firm.office.ana.id, 0)
    await firm.settle()
    await send(heard.attendance_id, files, by=firm.office.ana)
    assert await firm.told(ReadReceiptRequested) == []
