"""From the outbox to the bots: in order, again until it is done, and in trouble alone."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from helpdesk.domain.amendment import ReactionQueued
from helpdesk.domain.attachment import MediaWanted
from helpdesk.domain.attendance import Attendance
from helpdesk.domain.bridge import TypingShown
from helpdesk.domain.change import Command
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import MediaKind, Source
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import MediaId, MessageId, SessionId
from helpdesk.domain.message import ReplyQueued
from helpdesk.domain.session import LogoutRequested
from helpdesk.domain.usecases import relay_outbox
from helpdesk.domain.usecases.relay_outbox import BATCH, SHARE
from helpdesk.ports.broker import Queue, commands_of
from helpdesk.ports.outbox import Destination, Envelope
from tests.support.builders import a_session, fresh
from tests.support.clock import NOON
from tests.support.letters import a_letter
from tests.support.team import Firm
from tests.support.waiting import soon

QUICK = 10_000.0  # commands a second


@dataclass
class Bots:
    """The other end: writes down what came, and refuses as long as a test wants."""

    refuses: Callable[[Command], bool] = lambda _: False
    came: list[Command] = field(default_factory=list)
    tried: defaultdict[SessionId, int] = field(default_factory=lambda: defaultdict(int))
    queues: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    async def publish(self, queue: Queue, envelope: Envelope, *, key: str) -> None:
        self.queues.append(queue)
        self.keys.append(key)
        command = envelope.event
        if not isinstance(command, Command):
            return
        assert queue == commands_of(command.session_id)
        self.tried[command.session_id] += 1
        await asyncio.sleep(0)
        if self.refuses(command):
            raise UnavailableError
        self.came.append(command)

    def serve(self, queue: Queue, handle: object) -> Any:
        raise NotImplementedError

    async def backlog(self, *queues: Queue) -> Any:
        raise NotImplementedError

    def gather(self, queue: Queue, keep: object) -> Any:
        raise NotImplementedError

    async def ping(self) -> None:
        raise NotImplementedError

    def texts(self, of: Attendance) -> list[str]:
        replies = [it for it in self.came if isinstance(it, ReplyQueued)]
        return [it.content.text for it in replies if it.attendance_id == of.id]


@asynccontextmanager
async def relaying(firm: Firm, bots: Bots) -> AsyncIterator["asyncio.Task[None]"]:
    """Relay meanwhile; a wait for the next attempt is short."""

    async def sleep(_seconds: float) -> None:
        await asyncio.sleep(0.001)

    relay = replace(firm.cases.relay_to_bots(), broker=bots, per_second=QUICK, sleep=sleep)
    task = asyncio.create_task(relay())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.005)


async def say(firm: Firm, it: Attendance, *texts: str) -> None:
    for text in texts:
        await firm.cases.send_reply()(it.id, by=firm.office.ana, text=text)


async def settled(firm: Firm) -> None:
    async with asyncio.timeout(60):
        while (await firm.outbox.depth())[Destination.BROKER][0]:
            await asyncio.sleep(0.005)


async def elsewhere(firm: Firm) -> Attendance:
    """An attendance of another number of ours."""
    session = a_session("Second")
    await firm.office.keep(session)
    return await firm.office.attend(session=session, by=firm.office.ana)


async def test_answers_of_an_attendance_keep_their_order(firm: Firm) -> None:
    its, bots = [await firm.held(firm.office.ana) for _ in range(3)], Bots()
    numbers = [str(n) for n in range(40)]
    async with relaying(firm, bots):
        await asyncio.gather(*(say(firm, it, *numbers) for it in its))
        await settled(firm)
    assert [bots.texts(it) for it in its] == [numbers] * 3


async def test_what_a_bot_cannot_do_is_offered_again_in_order(firm: Firm) -> None:
    it, left = await firm.held(firm.office.ana), [5]

    def refuses(_: Command) -> bool:
        left[0] -= 1
        return left[0] >= 0

    bots = Bots(refuses)
    await say(firm, it, "1", "2", "3")
    async with relaying(firm, bots):
        await settled(firm)
    assert bots.texts(it) == ["1", "2", "3"]
    assert bots.tried[it.session_id] == 8


async def test_an_attendance_in_trouble_blocks_no_other(firm: Firm) -> None:
    stuck, other = await firm.held(firm.office.ana), await firm.held(firm.office.ana)
    bots = Bots(lambda it: isinstance(it, ReplyQueued) and it.attendance_id == stuck.id)
    await say(firm, stuck, "1", "2")
    async with relaying(firm, bots):
        await say(firm, other, "1", "2")
        await until(lambda: bots.texts(other) == ["1", "2"])
        assert bots.texts(stuck) == []
        bots.refuses = lambda _: False
        await settled(firm)
    assert bots.texts(stuck) == ["1", "2"]


async def test_a_session_whose_bot_is_down_starves_no_other(firm: Firm) -> None:
    dead = [await firm.held(firm.office.ana) for _ in range(10)]
    many = [str(n) for n in range((BATCH + SHARE) // 10 + 20)]  # more than a batch and a share
    for it in dead:
        await say(firm, it, *many)
    alive = await elsewhere(firm)
    bots = Bots(lambda it: it.session_id != alive.session_id)
    async with relaying(firm, bots):
        await say(firm, alive, "1")
        await until(lambda: bots.texts(alive) == ["1"])
        await say(firm, alive, "2")
        await until(lambda: bots.texts(alive) == ["1", "2"])
        bots.refuses = lambda _: False
        await settled(firm)
    assert [bots.texts(it) for it in dead] == [many] * 10


async def test_a_session_has_its_share_on_the_way_and_not_more(firm: Firm) -> None:
    its = [await firm.held(firm.office.ana) for _ in range(SHARE + 30)]
    for it in its:
        await say(firm, it, "1")
    bots = Bots(lambda _: True)
    tried: set[object] = set()

    def refuses(command: Command) -> bool:
        assert isinstance(command, ReplyQueued)
        tried.add(command.attendance_id)
        return True

    bots.refuses = refuses
    async with relaying(firm, bots):
        await until(lambda: len(tried) >= SHARE)
        before = bots.tried[its[0].session_id]
        await until(lambda: bots.tried[its[0].session_id] > before + 3 * SHARE)
    assert len(tried) == SHARE


async def test_typing_that_cannot_be_shown_is_forgotten(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    await firm.cases.show_typing()(it.id, by=firm.office.ana)
    bots = Bots(lambda _: True)
    async with relaying(firm, bots):
        await settled(firm)
    assert bots.tried[it.session_id] == 1


async def test_other_commands_wait_for_no_answer(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    await say(firm, it, "1")
    await firm.cases.read_attendance()(it.id, by=firm.office.ana)
    await firm.cases.show_typing()(it.id, by=firm.office.ana)
    await firm.cases.log_out_session()(it.session_id, by=firm.office.dora)
    bots = Bots(lambda it: isinstance(it, ReplyQueued))
    async with relaying(firm, bots):
        await until(lambda: len(bots.came) == 2)
    assert {type(it) for it in bots.came} == {TypingShown, LogoutRequested}


async def test_it_wakes_when_something_has_landed(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    it, door = await firm.held(firm.office.ana), asyncio.Event()

    class Slow(Bots):
        async def publish(self, queue: Queue, envelope: Envelope, *, key: str) -> None:
            await door.wait()
            await super().publish(queue, envelope, key=key)

    bots = Slow()
    await say(firm, it, "1")
    monkeypatch.setattr(relay_outbox, "IDLE_WAIT", 3600.0)  # it is woken, and does not look
    async with relaying(firm, bots):
        await asyncio.sleep(0.05)  # it rests
        door.set()
        async with asyncio.timeout(60):
            await settled(firm)


async def test_what_was_not_settled_when_it_stopped_is_handed_over_again(firm: Firm) -> None:
    it, bots = await firm.held(firm.office.ana), Bots(lambda _: True)
    await say(firm, it, "1")
    async with relaying(firm, bots):
        await until(lambda: bots.tried[it.session_id] > 0)
    bots.refuses = lambda _: False
    async with relaying(firm, bots):
        await settled(firm)
    assert bots.texts(it) == ["1"]


@pytest.mark.parametrize("method", ["pending", "settle"])
async def test_trouble_with_the_outbox_is_told_as_it_is(firm: Firm, method: str) -> None:
    it = await firm.held(firm.office.ana)
    await say(firm, it, "1")

    class Lost:
        """An outbox whose lead was lost."""

        def __getattr__(self, name: str) -> Any:
            async def fail(*_: object, **__: object) -> None:
                raise UnavailableError("the lead was lost")

            return fail if name == method else getattr(firm.outbox, name)

    outbox: Any = Lost()
    relay = replace(firm.cases.relay_to_bots(), outbox=outbox, broker=Bots())
    with pytest.raises(UnavailableError, match="the lead was lost"):
        await soon(relay())


async def test_files_and_amendments_are_in_order_with_their_message(firm: Firm) -> None:
    session, message, media = firm.office.session.id, MessageId(fresh()), MediaId(fresh())
    wanted = MediaWanted(
        at=NOON,
        session_id=session,
        message_id=message,
        media_id=media,
        kind=MediaKind.IMAGE,
        source=Source(ref="ref"),
        attempt=2,
    )
    reaction = ReactionQueued(
        at=NOON,
        session_id=session,
        message_id=message,
        provider_id="p",
        address=Identity.phone("+5511900000001"),
        by=firm.office.ana.id,
        emoji="\N{THUMBS UP SIGN}",
    )
    async with firm.store.transaction() as work:
        await work.emit(wanted, reaction)
    bots = Bots()
    async with relaying(firm, bots):
        await settled(firm)
    assert sorted(bots.keys) == sorted([str(media), str(message)])


async def test_what_is_replayed_goes_to_the_queue_in_which_it_died(firm: Firm) -> None:
    letter = a_letter()
    await firm.cases.dead_letters().keep(letter)
    await firm.cases.handle_dead_letters().replay(letter.id, by=None)
    bots = Bots()
    async with relaying(firm, bots):
        await settled(firm)
    assert (bots.queues, bots.keys) == ([letter.queue], [letter.key])
