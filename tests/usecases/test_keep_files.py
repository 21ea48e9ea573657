"""Files are let go when they are old, and deleted when nobody needs them."""

from datetime import timedelta

import pytest

from helpdesk.domain.attachment import MediaChanged
from helpdesk.domain.file import MediaKind
from helpdesk.domain.media import MediaState
from helpdesk.domain.usecases.keep_files import KeepFiles
from helpdesk.ports.chores import Chore
from tests.support.streams import pieces
from tests.support.team import Firm
from tests.usecases.files import JPEG, Way

DAYS = {MediaKind.IMAGE: timedelta(days=30)}


def keeping(firm: Firm, *, grace: timedelta = timedelta()) -> KeepFiles:
    it: KeepFiles = firm.cases.keep_files(keep=DAYS, grace=grace, simulator=firm.simulator)
    return it


@pytest.fixture
def way(firm: Firm) -> Way:
    # The store of files has a clock of its own, which is not stopped.
    firm.now.at = firm.now.at.replace(year=2100)
    return Way(firm)


async def test_a_file_is_removed_when_it_is_old_and_the_message_says_so(
    firm: Firm, way: Way
) -> None:
    old = await way.send(caption="Veja", name="foto.jpg")
    document = await way.send(b"%PDF-1.7")
    firm.later(days=20)
    young = await way.send(JPEG + b"2")
    firm.later(days=11)
    await firm.settle()
    await keeping(firm)()
    media = await way.media(old)
    assert (media.state, media.name, media.blob) == (MediaState.REMOVED, "foto.jpg", None)
    assert (await firm.board.message(old.id)).message.content.text == "Veja"
    assert [it.message.id for it in await firm.told(MediaChanged)] == [old.id]
    assert await way.bytes_of(await way.media(young)) == JPEG + b"2"
    assert await way.bytes_of(await way.media(document)) == b"%PDF-1.7"
    async with firm.store.transaction() as work:
        assert (
            len(await work.chores.take(Chore.CONVERT, at=firm.now(), until=firm.now(), limit=9))
            == 2
        )
    assert len([it async for it in firm.cases.media().older_than(firm.now())]) == 2


async def test_bytes_that_another_message_has_are_kept(firm: Firm, way: Way) -> None:
    old = await way.send()
    firm.later(days=31)
    young = await way.send()
    await keeping(firm)()
    assert (await way.media(old)).state is MediaState.REMOVED
    assert await way.bytes_of(await way.media(young)) == JPEG


async def test_an_upload_that_became_no_message_is_deleted_after_a_while(
    firm: Firm, way: Way
) -> None:
    await firm.cases.media().put(pieces(b"orphan"), limit=9)
    assert await keeping(firm, grace=timedelta(days=365 * 200)).clean_up() == 0
    assert await keeping(firm).clean_up() == 1


async def test_many_orphans_are_deleted_in_batches(firm: Firm, way: Way) -> None:
    for number in range(450):
        await firm.cases.media().put(pieces(str(number).encode()), limit=9)
    assert await keeping(firm).clean_up() == 450
