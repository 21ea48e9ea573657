"""People and numbers, as lists show them."""

from contextlib import suppress
from dataclasses import replace

import pytest

from helpdesk.domain.attendant import AttendantNotFoundError
from helpdesk.domain.client import Client, ClientNotFoundError
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import AttendantId, ClientId, SessionId
from helpdesk.domain.session import SessionNotFoundError
from helpdesk.domain.views import AttendantView, MergeView, Ref
from helpdesk.ports.board import Board
from helpdesk.ports.directory import Directory
from tests.support.builders import a_session, an_attendant, fresh, lid
from tests.support.clock import NOON, after
from tests.support.office import Office


async def names(directory: Directory, text: str = "") -> list[str]:
    found = await directory.clients(text, cursor=None, limit=100)
    assert found.next is None
    return [it.name for it in found.items]


async def paged(directory: Directory, limit: int) -> list[Client]:
    found: list[Client] = []
    cursor = None
    while True:
        page = await directory.clients("", cursor=cursor, limit=limit)
        found += page.items
        cursor = page.next
        if cursor is None:
            return found
        assert len(page.items) == limit


async def test_clients_come_by_name_accents_and_case_aside(
    office: Office, directory: Directory
) -> None:
    for name in ("zé", "Álvaro", "bruna", "Ana", "Érica"):
        await office.meet(name)
    assert await names(directory) == ["Álvaro", "Ana", "bruna", "Érica", "zé"]


@pytest.mark.parametrize(
    "text", ["acao", "AÇÃO", "Ação", "cao", "vip são", "5511987", "+55118765", "99@lid"]
)
async def test_a_client_is_found_by_part_of_a_name_a_tag_or_an_address(
    office: Office, directory: Directory, text: str
) -> None:
    await office.meet("Somebody", lid(1))
    it = await office.meet("Empresa Ação", Identity.phone("+551187654321"), lid(99))
    await office.keep(replace(it, tags=("VIP São Paulo",)))
    assert await names(directory, text) == ["Empresa Ação"]


async def test_what_looks_like_a_pattern_is_meant_literally(
    office: Office, directory: Directory
) -> None:
    for name in ("100%", "100 reais", "a_b", "axb", "c\\d", "'x'"):
        await office.meet(name)
    assert await names(directory, "0%") == ["100%"]
    assert await names(directory, "a_b") == ["a_b"]
    assert await names(directory, "\\") == ["c\\d"]
    assert await names(directory, "'x'") == ["'x'"]
    assert await names(directory, "%") == ["100%"]


async def test_a_match_does_not_reach_from_one_tag_into_the_next(
    office: Office, directory: Directory
) -> None:
    it = await office.meet("Ana")
    await office.keep(replace(it, tags=("ab", "cd")))
    assert await names(directory, "bc") == []
    assert await names(directory, "ab cd") == []


async def test_pages_go_on_where_the_last_one_ended(office: Office, directory: Directory) -> None:
    everybody = [await office.meet(name) for name in ("Ana", "Ana", "Bia", "Ana", "Bia", "Caio")]
    expected = sorted(everybody, key=lambda it: (it.name, it.id))
    for limit in (1, 2, 3, 6, 7):
        assert await paged(directory, limit) == expected


async def test_who_comes_or_changes_between_two_pages_shifts_nobody(
    office: Office, directory: Directory
) -> None:
    people = [await office.meet(name) for name in ("Ana", "Bia", "Caio", "Davi")]
    first = await directory.clients("", cursor=None, limit=2)
    await office.meet("Abel")
    await office.keep(replace(people[0], name="Zoe"))
    second = await directory.clients("", cursor=first.next, limit=10)
    assert [it.name for it in first.items] == ["Ana", "Bia"]
    assert [it.name for it in second.items] == ["Caio", "Davi", "Zoe"]


@pytest.mark.parametrize(
    "cursor", ["", "x", "bm9uc2Vuc2U=", "0", "[]", "é", "W10=", "e30=", "a" * 999]
)
async def test_a_cursor_of_somebody_else_is_refused(directory: Directory, cursor: str) -> None:
    with pytest.raises(InvalidError) as refused:
        await directory.clients("", cursor=cursor, limit=10)
    assert refused.value.field == "cursor"


async def test_a_cursor_of_another_list_is_refused_or_harmless(
    office: Office, board: Board, directory: Directory
) -> None:
    it = await office.attend()
    for _ in range(2):
        it, _ = await office.hear(it, "Olá")
    page = await board.search(office.dora, "Olá", cursor=None, limit=1)
    assert page.next is not None
    with suppress(InvalidError):
        await directory.clients("", cursor=page.next, limit=1)


async def test_a_client_is_shown_or_not_found(office: Office, directory: Directory) -> None:
    it = await office.meet()
    assert await directory.client(it.id) == it
    with pytest.raises(ClientNotFoundError):
        await directory.client(ClientId(fresh()))


async def test_who_was_merged_is_not_listed(office: Office, directory: Directory) -> None:
    kept, gone = await office.meet("Ana"), await office.meet("Bia")
    grown, emptied = kept.absorb(gone, by=None, at=NOON)
    await office.save(emptied, grown)
    assert await names(directory) == ["Ana"]
    assert await directory.client(gone.id) == grown.state


async def test_merges_are_remembered_those_of_who_was_merged_as_well(
    office: Office, directory: Directory
) -> None:
    ana, bia, eva, zoe = [await office.meet(it) for it in ("Ana", "Bia", "Eva", "Zoe")]
    grown, emptied = bia.absorb(eva, by=office.dora.id, at=NOON)
    await office.save(emptied, grown)
    bia = grown.state
    grown, emptied = ana.absorb(bia, by=None, at=after(minutes=1))
    await office.save(emptied, grown)
    assert await directory.merges(ana.id) == [
        MergeView(
            at=NOON,
            actor=Ref(office.dora.id, office.dora.name),
            merged=Ref(eva.id, "Eva"),
            kept=Ref(bia.id, "Bia"),
        ),
        MergeView(
            at=after(minutes=1),
            actor=None,
            merged=Ref(bia.id, "Bia"),
            kept=Ref(ana.id, "Ana"),
        ),
    ]
    assert await directory.merges(zoe.id) == []


async def test_sectors_are_shown_with_their_members_the_default_first(
    office: Office, directory: Directory
) -> None:
    found = await directory.sectors()
    assert [it.sector for it in found] == [office.sales, office.support]
    assert set(found[0].members) == {office.ana.id, office.carla.id}
    assert found[1].members == (office.bia.id,)


async def test_attendants_are_shown_by_name_with_their_work_and_presence(
    office: Office, directory: Directory
) -> None:
    zoe = an_attendant("Zoe")
    abel = an_attendant("Ábel", active=False)
    await office.keep(zoe, abel)
    await office.attend(by=office.ana)
    await office.close(await office.attend(by=office.ana))
    await office.attend()
    async with office.store.transaction() as work:
        for who, at in [(office.ana, 1), (office.bia, 0), (zoe, 1)]:
            await work.presence.beat(who.id, "1", at=after(seconds=at))
    await office.keep(replace(zoe, away=True))
    found = await directory.attendants(online_since=NOON)
    shown = [(it.attendant.name, it.online, it.open_attendances) for it in found]
    assert shown == [
        ("Ábel", False, 0),
        ("Ana", True, 1),
        ("Bia", False, 0),
        ("Carla", False, 0),
        ("Dora", False, 0),
        ("Zoe", False, 0),
    ]
    assert found[1] == AttendantView(attendant=office.ana, online=True, open_attendances=1)


async def test_an_attendant_is_shown_or_not_found(office: Office, directory: Directory) -> None:
    assert await directory.attendant(office.carla.id) == office.carla
    with pytest.raises(AttendantNotFoundError):
        await directory.attendant(AttendantId(fresh()))


async def test_sessions_are_shown_oldest_first_or_not_found(
    office: Office, directory: Directory
) -> None:
    second = a_session("Another", since=after(days=-9))
    await office.keep(second)
    await office.keep(replace(office.session, since=after(days=1)))
    assert [it.id for it in await directory.sessions()] == [office.session.id, second.id]
    assert await directory.session(second.id) == second
    with pytest.raises(SessionNotFoundError):
        await directory.session(SessionId(fresh()))
