"""Leases: one holder, who is told when it is not the holder any more."""

import asyncio
from dataclasses import replace

import pytest

from helpdesk.opening import Opening
from helpdesk.ports.leases import Lease, LeaseLostError, Leases
from helpdesk.ports.store import Store
from tests.support.waiting import race

LONG, SHORT = 60.0, 0.2  # seconds


@pytest.fixture
async def leases(opening: Opening) -> Leases:
    it: Leases = await opening.port("leases")
    return it


async def acquired(leases: Leases, owner: str, *, name: str = "it", seconds: float = LONG) -> Lease:
    lease = await leases.acquire(name, owner=owner, seconds=seconds)
    assert lease is not None
    return lease


async def is_held(store: Store, lease: Lease) -> bool:
    try:
        async with store.transaction() as work:
            await work.must_hold(lease)
    except LeaseLostError:
        return False
    return True


async def over(store: Store, lease: Lease) -> None:
    async with asyncio.timeout(20):
        while await is_held(store, lease):
            await asyncio.sleep(0.02)


async def test_one_of_twenty_gets_it(leases: Leases) -> None:
    got = await race(*(leases.acquire("it", owner=str(n), seconds=LONG) for n in range(20)))
    [lease] = [it for it in got if it is not None]
    assert (lease.name, lease.token) == ("it", 1)
    assert [it.owner for it in await leases.held()] == [lease.owner]


async def test_it_is_one_of_its_name(leases: Leases) -> None:
    one, other = await acquired(leases, "a"), await acquired(leases, "b", name="other")
    assert (one.token, other.token) == (1, 1)


async def test_it_ends_by_itself_and_the_next_has_a_greater_token(
    leases: Leases, store: Store
) -> None:
    first = await acquired(leases, "a", seconds=SHORT)
    await over(store, first)
    assert await leases.held() == []
    second = await acquired(leases, "b")
    assert second.token == first.token + 1
    assert not await leases.renew(first, seconds=LONG)
    await leases.release(first)
    assert await is_held(store, second)
    assert not await is_held(store, first)


async def test_a_renewal_keeps_it(leases: Leases, store: Store) -> None:
    lease = await acquired(leases, "a", seconds=1)
    assert await leases.renew(lease, seconds=LONG)
    await asyncio.sleep(1.2)
    assert await is_held(store, lease)
    assert await leases.acquire("it", owner="b", seconds=LONG) is None


async def test_what_ended_is_not_renewed_even_when_nobody_else_took_it(
    leases: Leases, store: Store
) -> None:
    lease = await acquired(leases, "a", seconds=SHORT)
    await over(store, lease)
    assert not await leases.renew(lease, seconds=LONG)
    assert not await is_held(store, lease)


async def test_a_release_makes_room_at_once_and_the_token_grows_on(leases: Leases) -> None:
    lease = await acquired(leases, "a")
    await leases.release(lease)
    assert await leases.held() == []
    assert (await acquired(leases, "b")).token == lease.token + 1


async def test_who_asks_again_has_it_anew_and_the_former_one_is_over(
    leases: Leases, store: Store
) -> None:
    lease = await acquired(leases, "a")
    again = await acquired(leases, "a")
    assert again.token == lease.token + 1
    assert not await is_held(store, lease)
    assert not await leases.renew(lease, seconds=LONG)
    assert await is_held(store, again)


async def test_one_that_nobody_ever_had_is_not_held(leases: Leases, store: Store) -> None:
    lease = Lease(name="strange", owner="a", token=1)
    assert not await is_held(store, lease)
    assert not await leases.renew(lease, seconds=LONG)
    await leases.release(lease)
    assert not await is_held(store, replace(await acquired(leases, "a"), token=7))


async def test_who_holds_what_since_when_is_listed_by_name(leases: Leases) -> None:
    await acquired(leases, "a", name="2")
    await acquired(leases, "b", name="1")
    first, second = await leases.held()
    assert [(it.name, it.owner) for it in (first, second)] == [("1", "b"), ("2", "a")]
    assert second.since <= first.since
    await acquired(leases, "a", name="2")
    assert (await leases.held())[1].since > second.since


async def test_an_effect_is_undone_when_the_lease_is_lost(leases: Leases, store: Store) -> None:
    lost, held = await acquired(leases, "a"), await acquired(leases, "a")

    async def claim(under: Lease) -> bool:
        async with store.transaction() as work:
            first = await work.first_time("sending")
            await work.must_hold(under)
        return first

    with pytest.raises(LeaseLostError):
        await claim(lost)
    assert await claim(held)
