"""Clients: found by any of their addresses, however many write at once."""

import asyncio
from dataclasses import replace

import pytest

from helpdesk.domain.attendance import ClosedBy
from helpdesk.domain.change import Change
from helpdesk.domain.client import Client, ClientNotFoundError
from helpdesk.domain.errors import ConflictError
from helpdesk.domain.identity import Identity, Scheme
from helpdesk.domain.ids import ClientId
from helpdesk.ports.directory import Directory
from helpdesk.ports.outbox import Destination, Outbox
from tests.support.builders import a_client, fresh, lid, phone
from tests.support.clock import NOON, after
from tests.support.office import Office
from tests.support.waiting import race, soon, undone, waiting, within

OLD, NEW = Identity.phone("+551187654321"), Identity.phone("+5511987654321")


async def obtain(office: Office, *identities: Identity) -> tuple[Client, ...]:
    draft = a_client("João", *identities)
    return await within(office.store, lambda work: work.clients.obtain(draft))


async def loading(office: Office, id: ClientId) -> Client:
    return await within(office.store, lambda work: work.clients.load(id))


async def test_every_property_is_kept(office: Office) -> None:
    met = a_client("João", NEW, lid(1), Identity(Scheme.USERNAME, "Joao"), at=after(microseconds=7))
    it = replace(met.state, notes="a\n'b'\\", tags=("vip", "são"))
    await office.keep(it)
    assert await within(office.store, lambda work: work.clients.load(it.id)) == it


async def test_an_unknown_client_is_not_found(office: Office) -> None:
    with pytest.raises(ClientNotFoundError):
        await within(office.store, lambda work: work.clients.load(ClientId(fresh())))


async def test_a_client_is_held_while_loaded(office: Office) -> None:
    it = await office.meet()
    async with office.store.transaction() as work:
        described = (await work.clients.load(it.id)).describe(name="Joca", at=NOON)
        second = await waiting(within(office.store, lambda rival: rival.clients.load(it.id)))
        await work.save(described)
    assert await soon(second) == described.state


async def test_somebody_new_is_saved_with_the_event_and_known_from_then_on(
    office: Office, outbox: Outbox
) -> None:
    draft = a_client("João", NEW, lid(1))
    async with office.store.transaction() as work:
        assert await work.clients.obtain(draft) == (draft.state,)
    for known in [NEW, OLD, lid(1)]:
        assert await obtain(office, known) == (draft.state,)
    told = await outbox.pending(Destination.FEED, limit=10)
    assert [it.envelope.event for it in told] == list(draft.events)


async def test_fifty_rivals_meet_one_person_under_any_spelling_and_alias(
    office: Office, directory: Directory
) -> None:
    known_as = [(OLD,), (NEW,), (lid(1), OLD), (NEW, lid(2)), (NEW, lid(1), lid(3))]
    found = await race(*(obtain(office, *known_as[n % len(known_as)]) for n in range(50)))
    assert len({client.id for (client,) in found}) == 1
    assert len((await directory.clients("", cursor=None, limit=10)).items) == 1


async def test_rivals_with_crossed_addresses_do_not_wait_for_each_other(office: Office) -> None:
    crossed = [(lid(1), lid(2)), (lid(2), lid(1))]
    found = await race(*(obtain(office, *crossed[n % 2]) for n in range(20)))
    assert len(set(found)) == 1


async def test_a_rival_who_fails_leaves_the_person_unknown(office: Office) -> None:
    draft = a_client("João", NEW)
    async with undone(office.store) as work:
        await work.clients.obtain(draft)
        second = await waiting(obtain(office, OLD))
    (client,) = await soon(second)
    assert client.id != draft.state.id


async def test_all_who_are_known_by_one_of_the_addresses_are_held_oldest_first(
    office: Office,
) -> None:
    young = await office.meet("Ana", lid(1), at=after(hours=1))
    old = await office.meet("Bia", NEW, at=NOON)
    draft = a_client("?", lid(1), OLD, lid(2))
    async with office.store.transaction() as work:
        assert await work.clients.obtain(draft) == (old, young)
        waits = [await waiting(loading(office, it.id)) for it in (young, old)]
    assert await soon(asyncio.gather(*waits)) == [young, old]


async def test_people_are_found_by_their_addresses_without_being_held(office: Office) -> None:
    one, two = await office.meet("Ana", lid(1), NEW), await office.meet("Bia", lid(2))
    async with office.store.transaction() as work:
        await work.clients.load(one.id)
        wanted = [lid(1), OLD, lid(2), lid(3)]
        found = await within(office.store, lambda rival: rival.clients.known_by(wanted))
        assert sorted(found) == [one.id, two.id]
    assert await within(office.store, lambda work: work.clients.known_by([lid(9)])) == []


async def test_an_address_of_another_client_is_refused(office: Office) -> None:
    await office.meet("Ana", NEW)
    bia = await office.meet("Bia", lid(2))
    with pytest.raises(ConflictError):
        await office.keep(replace(bia, identities=(lid(2), OLD)))
    assert await obtain(office, lid(2)) == (bia,)


async def test_a_forgotten_address_is_free_for_another(office: Office) -> None:
    ana, bia = await office.meet("Ana", NEW, lid(1)), await office.meet("Bia", lid(2))
    await office.keep(replace(ana, identities=(lid(1),)))
    await office.keep(replace(bia, identities=(lid(2), NEW)))
    assert [it.id for it in await obtain(office, OLD)] == [bia.id]


async def test_who_was_merged_is_found_as_the_one_they_live_on_in(
    office: Office, directory: Directory
) -> None:
    third, other, kept = [await office.meet(f"{n}", lid(n), phone(n)) for n in range(3)]
    for gone, into in [(third, other), (other, kept)]:
        async with office.store.transaction() as work:
            survivor = await work.clients.load(into.id)
            grown, emptied = survivor.absorb(await work.clients.load(gone.id), by=None, at=NOON)
            await work.save(emptied, grown)
    merged = await within(office.store, lambda work: work.clients.load(third.id))
    assert merged.id == kept.id
    assert set(merged.identities) == {lid(n) for n in range(3)} | {phone(n) for n in range(3)}
    assert await directory.client(third.id) == merged
    assert await obtain(office, lid(0), phone(1)) == (merged,)


async def test_all_that_was_said_moves_along(office: Office) -> None:
    gone, kept = await office.meet("Ana"), await office.meet("Bia")
    it, message = await office.hear(await office.attend(gone))
    await office.close(it)
    async with office.store.transaction() as work:
        await work.clients.move(gone.id, kept.id)
    async with office.store.transaction() as work:
        assert (await work.attendances.load(it.id)).client_id == kept.id
        assert (await work.messages.load(message.id)).client_id == kept.id
        assert await work.attendances.open_of(gone.id) == []


async def test_a_merge_sees_what_was_saved_before_it_in_the_same_unit_of_work(
    office: Office,
) -> None:
    gone, kept = await office.meet("Ana"), await office.meet("Bia")
    theirs, own = await office.attend(gone), await office.attend(kept)
    async with office.store.transaction() as work:
        (it,) = await work.attendances.open_of(gone.id)
        await work.save(it.close(ClosedBy.MERGE, by=None, at=NOON))
        await work.clients.move(gone.id, kept.id)
        assert await work.attendances.open_of(kept.id) == [own]
    async with office.store.transaction() as work:
        assert (await work.attendances.load(theirs.id)).client_id == kept.id


async def test_two_changes_of_one_client_are_both_kept(office: Office) -> None:
    it = await office.meet()
    named = it.describe(name="Joca", at=NOON)
    await office.save(named, named.state.describe(notes="calls", at=NOON))
    loaded = await within(office.store, lambda work: work.clients.load(it.id))
    assert (loaded.name, loaded.notes) == ("Joca", "calls")


async def test_a_draft_is_no_change_of_who_is_known(office: Office) -> None:
    it = await office.meet("João", NEW)
    assert await within(
        office.store, lambda work: work.clients.obtain(Change(replace(it, name="Other")))
    ) == (it,)
