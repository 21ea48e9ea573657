"""Clients entered and described by hand, and two that are one."""

import pytest

from helpdesk.domain.attendance import AttendanceClosed, ClosedBy
from helpdesk.domain.client import ClientNotFoundError, ClientsMerged, MergeError
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import ClientId
from helpdesk.domain.message import ReplyQueued
from helpdesk.domain.requests import KeyReusedError
from tests.support.builders import a_session, fresh, lid, phone
from tests.support.team import Firm
from tests.support.waiting import race


async def test_a_person_is_entered_by_their_number(firm: Firm) -> None:
    added = await firm.cases.manage_clients().add(
        "+55 11 91234-5678", by=firm.office.ana, name="Rita"
    )
    assert (added.name, added.phone) == ("Rita", "+5511912345678")
    with pytest.raises(InvalidError):
        await firm.cases.manage_clients().add("nobody", by=firm.office.ana)


async def test_who_is_known_already_stays_as_they_are(firm: Firm) -> None:
    known = await firm.office.meet("Rita", phone(1))
    add, ana = firm.cases.manage_clients().add, firm.office.ana
    assert await add(phone(1).value, by=ana, name="Somebody", key="k") == known
    assert await add(phone(1).value, by=ana, name="Somebody", key="k") == known


async def test_a_repeated_request_enters_one_person(firm: Firm) -> None:
    add, ana = firm.cases.manage_clients().add, firm.office.ana
    one, other = await race(*(add(phone(1).value, by=ana, key="k") for _ in range(2)))
    assert one == other
    assert len(await firm.clients()) == 1


async def test_a_key_that_entered_somebody_else_is_refused(firm: Firm) -> None:
    add, ana = firm.cases.manage_clients().add, firm.office.ana
    rita = await add(phone(1).value, by=ana, name="Rita", key="k")
    with pytest.raises(KeyReusedError):
        await add(phone(2).value, by=ana, name="Rui", key="k")
    assert await firm.clients() == [rita]


async def test_a_person_is_described_in_what_is_given(firm: Firm) -> None:
    describe, client = firm.cases.manage_clients().describe, await firm.office.meet("Rita")
    await describe(client.id, notes="prefere à tarde", tags=["vip", " vip "])
    described = await describe(client.id, name="Rita Lima")
    assert (described.name, described.notes, described.tags) == (
        "Rita Lima",
        "prefere à tarde",
        ("vip",),
    )
    assert await firm.cases.read_directory().client(client.id) == described
    with pytest.raises(ClientNotFoundError):
        await describe(ClientId(fresh()), name="Rita")


async def test_two_clients_become_one_with_all_their_history(firm: Firm) -> None:
    kept, other = await firm.office.meet("Rita", phone(1)), await firm.office.meet("R.", lid(1))
    earlier = await firm.office.close(await firm.office.attend(other))
    merged = await firm.cases.merge_clients()(kept.id, other.id, by=firm.office.carla)
    assert merged.identities == (phone(1), lid(1))
    assert await firm.clients() == [merged]
    assert (await firm.attendance(earlier.id)).client_id == kept.id
    assert await firm.cases.read_directory().client(other.id) == merged
    [told] = await firm.told(ClientsMerged)
    assert told.by == firm.office.carla.id


async def test_of_two_open_attendances_one_remains_and_nobody_is_asked(firm: Firm) -> None:
    kept, other = await firm.office.meet("Rita", phone(1)), await firm.office.meet("R.", lid(1))
    second = a_session("Second")
    await firm.office.keep(second)
    stays, closed, moves = (
        await firm.office.attend(kept),
        await firm.office.attend(other),
        await firm.office.attend(other, session=second),
    )
    await firm.cases.merge_clients()(kept.id, other.id, by=firm.office.dora)
    assert (await firm.attendance(stays.id)).is_open
    assert (await firm.attendance(closed.id)).closed_by is ClosedBy.MERGE
    assert (await firm.attendance(moves.id)).is_open
    assert {it.client_id for it in await firm.attendances()} == {kept.id}
    assert len(await firm.told(AttendanceClosed)) == 1
    assert await firm.told(ReplyQueued) == []


async def test_what_was_merged_is_not_merged_again(firm: Firm) -> None:
    merge, dora = firm.cases.merge_clients(), firm.office.dora
    one, other = await firm.office.meet(), await firm.office.meet()
    with pytest.raises(MergeError):
        await merge(one.id, one.id, by=dora)
    await merge(one.id, other.id, by=dora)
    for pair in ((one.id, other.id), (other.id, one.id)):
        with pytest.raises(MergeError):
            await merge(*pair, by=dora)


async def test_two_merges_the_opposite_way_at_once_are_one(firm: Firm) -> None:
    merge, dora = firm.cases.merge_clients(), firm.office.dora
    one, other = await firm.office.meet(), await firm.office.meet()
    outcomes = await race(
        merge(one.id, other.id, by=dora),
        merge(other.id, one.id, by=dora),
    )
    assert [isinstance(it, MergeError) for it in outcomes] == [False, True]
    assert len(await firm.clients()) == 1


async def test_a_message_that_comes_while_two_are_merged_is_kept(firm: Firm) -> None:
    kept, other = await firm.office.meet("Rita", phone(1)), await firm.office.meet("R.", lid(1))
    await race(
        firm.cases.merge_clients()(kept.id, other.id, by=firm.office.dora),
        firm.cases.receive_message()(firm.report(lid(1))),
    )
    [it] = await firm.attendances()
    assert it.client_id == kept.id
    assert len(await firm.messages(it.id)) == 1
