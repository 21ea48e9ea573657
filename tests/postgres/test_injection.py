"""Whatever people write stays what they wrote: none of it is ever SQL, or a pattern."""

from uuid import UUID

import pytest

from helpdesk.adapters.postgres.query import Query
from helpdesk.domain.attendance import Status
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import ClientId, SectorId
from helpdesk.domain.views import AttendanceFilter
from helpdesk.opening import Opening
from helpdesk.ports.board import Board
from helpdesk.ports.directory import Directory
from helpdesk.ports.store import Store
from tests.support.builders import an_attendant
from tests.support.office import Office

HOSTILE = [
    "'; DROP TABLE message; --",
    "' OR '1'='1",
    '" OR ""="',
    "$1 $2 $$ ${x} %(x)s {0} :name",
    "\\'; SELECT pg_sleep(10); --",
    "E'\\x27' /* */ -- #",
    "100% _ \\ \\\\ %% %_",
    "{}[]()^$.|?*+",
    "tab\tnewline\nreturn\rbell\x07\x7f\x1b",
    "👩‍👩‍👧‍👦 \u202e abc \u200b \ufeff",
]


@pytest.fixture
async def board(opening: Opening) -> Board:
    it: Board = await opening.port("board")
    return it


@pytest.fixture
async def directory(opening: Opening) -> Directory:
    it: Directory = await opening.port("directory")
    return it


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_text_comes_back_and_is_found_by_itself_alone(
    office: Office, board: Board, text: str
) -> None:
    heard, message = await office.hear(await office.attend(), text)
    heard, _ = await office.hear(heard, "something else")
    assert (await board.message(message.id)).message == message
    found = await board.search(office.dora, text, cursor=None, limit=10)
    assert [it.message.message for it in found.items] == [message]


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_name_comes_back_and_is_found_by_itself_alone(
    office: Office, directory: Directory, text: str
) -> None:
    client = await office.meet(text)
    await office.meet("somebody else")
    assert (await directory.client(client.id)).name == client.name
    found = await directory.clients(client.name, cursor=None, limit=10)
    assert found.items == (client,)


@pytest.mark.parametrize("text", HOSTILE)
async def test_keys_and_secrets_are_compared_not_run(store: Store, text: str) -> None:
    async with store.transaction() as work:
        assert await work.first_time(text)
        assert not await work.first_time(text)
        assert await work.sign_ins.credentials(text) is None
        assert await work.feedbacks.by_token(text.encode()) is None


@pytest.mark.parametrize("text", ["a\0b", "\0", "\ud800", "a\udfffb"])
async def test_what_a_database_cannot_hold_is_refused_or_not_found(
    office: Office, store: Store, board: Board, directory: Directory, text: str
) -> None:
    with pytest.raises(InvalidError):
        async with store.transaction() as work:
            await work.first_time(text)
    if "\0" in text:
        assert (await board.search(office.dora, text, cursor=None, limit=10)).items == ()
        assert (await directory.clients(text, cursor=None, limit=10)).items == ()
    else:
        with pytest.raises(InvalidError):
            await board.search(office.dora, text, cursor=None, limit=10)


@pytest.mark.parametrize("cursor", [*HOSTILE, "", "null", "W10", "e30", "WyIiLCIiXQ", "=", "é"])
async def test_a_cursor_that_is_none_of_ours_is_refused(
    office: Office, board: Board, directory: Directory, cursor: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        await board.attendances(office.dora, AttendanceFilter(), cursor=cursor, limit=10)
    assert refused.value.field == "cursor"
    with pytest.raises(InvalidError):
        await board.search(office.dora, "x", cursor=cursor, limit=10)
    with pytest.raises(InvalidError):
        await directory.clients("", cursor=cursor, limit=10)


async def test_a_position_beyond_every_number_is_no_error(office: Office, board: Board) -> None:
    heard, message = await office.hear(await office.attend())
    for before in (2**31, 2**63, 10**30):
        page = await board.messages(heard.id, before=before, limit=10)
        assert [it.message for it in page.items] == [message]
    for before in (0, -1, -(2**63)):
        assert (await board.messages(heard.id, before=before, limit=10)).items == ()


def test_no_value_is_part_of_a_query() -> None:
    marked = UUID(int=0xABCDEF)
    viewer = an_attendant("x", sectors=[SectorId(marked)])
    asked = AttendanceFilter(
        statuses=frozenset(Status),
        mine=True,
        sector_id=SectorId(marked),
        client_id=ClientId(marked),
    )
    query = Query()
    query.seen_by(viewer)
    query.restrict(asked, viewer)
    query.continue_after("m.at, m.id", "<", (HOSTILE[0], marked))
    assert str(marked) not in query.where()
    assert str(viewer.id) not in query.where()
    assert HOSTILE[0] not in query.where()
    assert len(query.parameters) == 7
