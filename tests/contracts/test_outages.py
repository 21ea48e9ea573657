"""Outages: kept whole, and taken by one at a time."""

from dataclasses import replace
from datetime import datetime

import pytest

from helpdesk.domain.ids import SessionId
from helpdesk.domain.outage import News, Outage, OutageNotFoundError, Told
from helpdesk.domain.session import SessionState
from helpdesk.ports.directory import Directory
from helpdesk.ports.store import Store
from tests.support.builders import a_session, fresh
from tests.support.clock import NOON, after
from tests.support.office import Office
from tests.support.waiting import soon, waiting, within


def outage(office: Office, since: datetime = NOON, due_at: datetime | None = NOON) -> Outage:
    return Outage(
        session_id=office.session.id,
        since=since,
        state=SessionState.DISCONNECTED,
        reason="network",
        due_at=due_at,
    )


async def keep(store: Store, *outages: Outage) -> None:
    async with store.transaction() as work:
        for it in outages:
            await work.outages.keep(it)


async def last(store: Store, session: SessionId) -> Outage | None:
    return await within(store, lambda work: work.outages.last_of(session))


async def test_every_property_is_kept(office: Office) -> None:
    first = outage(office)
    await keep(office.store, first)
    assert await last(office.store, office.session.id) == first
    told = {Told(channel="smtp", news=News.DOWN), Told(channel="a:b", news=News.BACK)}
    changed = replace(first, ended_at=after(hours=1), due_at=None, attempts=3, told=frozenset(told))
    await keep(office.store, changed)
    assert await last(office.store, office.session.id) == changed


async def test_the_newest_one_counts_and_older_ones_are_kept(office: Office) -> None:
    assert await last(office.store, office.session.id) is None
    older, newer = outage(office), outage(office, since=after(hours=1))
    await keep(office.store, newer, older)
    assert await last(office.store, office.session.id) == newer
    found = await within(office.store, lambda it: it.outages.load(office.session.id, NOON))
    assert found == older
    with pytest.raises(OutageNotFoundError):
        await within(office.store, lambda it: it.outages.load(office.session.id, after(hours=2)))


async def test_those_of_one_number_are_listed_newest_first(
    office: Office, directory: Directory
) -> None:
    another = a_session("Another")
    await office.keep(another)
    mine = [outage(office, since=after(hours=n)) for n in range(3)]
    await keep(office.store, *mine, replace(outage(office), session_id=another.id))
    assert await directory.outages(office.session.id, limit=2) == [mine[2], mine[1]]
    assert await directory.outages(SessionId(fresh()), limit=2) == []


async def test_what_is_due_is_taken_and_due_again_later(office: Office) -> None:
    due = outage(office)
    later = outage(office, since=after(hours=1), due_at=after(minutes=1))
    told = outage(office, since=after(hours=2), due_at=None)
    await keep(office.store, due, later, told)
    until = after(minutes=2)

    async def take(at: datetime, limit: int = 9) -> list[Outage]:
        async with office.store.transaction() as work:
            return await work.outages.take(at=at, until=until, limit=limit)

    assert await take(NOON) == [replace(due, due_at=until)]
    assert await take(NOON) == []
    assert await take(after(minutes=1)) == [replace(later, due_at=until)]
    assert len(await take(until, limit=1)) == 1


async def test_what_another_holds_is_passed_over(office: Office) -> None:
    await keep(office.store, outage(office))
    async with office.store.transaction() as work:
        await work.outages.last_of(office.session.id)
        async with office.store.transaction() as other:
            assert await other.outages.take(at=NOON, until=NOON, limit=9) == []
        rival = await waiting(last(office.store, office.session.id))
    await soon(rival)


async def test_what_is_over_is_forgotten_and_nothing_else(office: Office) -> None:
    over = replace(outage(office), ended_at=NOON, due_at=None)
    untold = replace(outage(office, since=after(hours=1)), ended_at=NOON)
    await keep(office.store, over, untold)
    await office.store.prune(before=NOON)
    await within(office.store, lambda it: it.outages.load(office.session.id, NOON))
    await office.store.prune(before=after(seconds=1))
    assert await last(office.store, office.session.id) == untold
    with pytest.raises(OutageNotFoundError):
        await within(office.store, lambda it: it.outages.load(office.session.id, NOON))
