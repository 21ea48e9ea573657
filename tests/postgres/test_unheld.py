"""Units of work that hold nothing: they take effect as if they had, or not at all."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from helpdesk.adapters.postgres.company import Company
from helpdesk.adapters.postgres.rows import Row
from helpdesk.domain.attendance import Attendance, AttendanceNotFoundError
from helpdesk.domain.change import Change
from helpdesk.domain.client import Client
from helpdesk.domain.ids import ClientId, SessionId
from helpdesk.domain.message import Delivery, MessageNotFoundError
from helpdesk.ports.store import StaleError, Store, UnitOfWork
from tests.support.builders import an_attendance, fresh, received, replied
from tests.support.clock import NOON
from tests.support.office import Office
from tests.support.waiting import soon, waiting, within

Meddling = Callable[[Office, Attendance], Awaitable[object]]


@asynccontextmanager
async def overtaken(store: Store) -> AsyncIterator[UnitOfWork]:
    """Open a unit of work that holds nothing and comes too late."""
    with pytest.raises(StaleError):
        async with store.transaction(hold=False) as work:
            yield work


async def _take(office: Office, it: Attendance) -> None:
    await office.save(it.take(office.bia.id, at=NOON))


async def _close(office: Office, it: Attendance) -> None:
    await office.close(it)


async def _write(office: Office, it: Attendance) -> None:
    await office.answer(it, office.ana)


async def _close_and_open_another(office: Office, it: Attendance) -> None:
    await office.close(it)
    opened = an_attendance(
        await office.meet(), session=office.session.id, sector=office.sales.id
    ).state
    await office.keep(opened)


async def test_what_nobody_touched_is_written(office: Office) -> None:
    it = await office.attend()
    async with office.store.transaction(hold=False) as work:
        answered, reply = replied(await work.attendances.load(it.id), office.ana.id, "Bom dia")
        await work.save(answered, reply)
        assert await work.first_time("delivery")
    async with office.store.transaction() as work:
        assert await work.attendances.load(it.id) == answered.state
        assert await work.messages.load(reply.state.id) == reply.state
        assert not await work.first_time("delivery")


@pytest.mark.parametrize("meddle", [_take, _close, _write, _close_and_open_another])
async def test_who_is_overtaken_writes_nothing(office: Office, meddle: Meddling) -> None:
    it = await office.attend()
    async with overtaken(office.store) as work:
        answered, reply = replied(await work.attendances.load(it.id), office.ana.id, "Bom dia")
        await work.first_time("delivery")
        await work.save(answered, reply)
        await meddle(office, it)
    async with office.store.transaction() as work:
        with pytest.raises(MessageNotFoundError):
            await work.messages.load(reply.state.id)
        assert await work.first_time("delivery")


async def test_a_change_under_way_is_waited_for(office: Office) -> None:
    it = await office.attend()

    async def answer() -> None:
        async with office.store.transaction(hold=False) as work:
            found = await work.attendances.load(it.id)
            await work.save(*replied(found, office.ana.id, "Bom dia"))

    async with office.store.transaction() as rival:
        taken = (await rival.attendances.load(it.id)).take(office.bia.id, at=NOON)
        late = await waiting(answer())
        await rival.save(taken)
    with pytest.raises(StaleError):
        await soon(late)


async def test_holding_alone_overtakes_nobody(office: Office) -> None:
    it = await office.attend()
    async with office.store.transaction() as rival:
        await rival.attendances.load(it.id)
        async with office.store.transaction(hold=False) as work:
            assert await work.attendances.load(it.id) == it
    async with office.store.transaction(hold=False) as work:
        found = await work.attendances.load(it.id)
        await within(office.store, lambda rival: rival.attendances.load(it.id))
        await work.save(*replied(found, office.ana.id, "Bom dia"))


async def test_of_two_who_claim_one_is_overtaken(office: Office) -> None:
    async with overtaken(office.store) as work:
        assert await work.first_time("delivery")
        assert await within(office.store, lambda rival: rival.first_time("delivery"))
    async with overtaken(office.store) as work:  # as whoever comes again finds out at the end
        await work.first_time("delivery")


async def test_a_status_is_noted_on_the_message_as_it_was_read(office: Office) -> None:
    it = await office.attend()
    it, reply = await office.answer(it, office.ana)
    sent = reply.track(Delivery.SENT, attendance=it, provider_id="wamid.1", at=NOON)
    async with overtaken(office.store) as work:
        found = await work.messages.load(reply.id)
        read = found.track(Delivery.READ, attendance=it, at=NOON)
        await work.save(read)
        await office.save(sent)
    async with office.store.transaction(hold=False) as work:
        sent_one = await work.messages.of_provider(office.session.id, "wamid.1")
        assert sent_one
        await work.save(sent_one.track(Delivery.READ, attendance=it, at=NOON))
    async with office.store.transaction() as work:
        assert (await work.messages.load(reply.id)).delivery is Delivery.READ


async def test_a_client_who_is_merged_meanwhile_gets_no_new_message(office: Office) -> None:
    client = await office.meet("João")
    it = await office.attend(client)
    async with overtaken(office.store) as work:
        [known] = await work.clients.obtain(Change(client))
        [found] = await work.attendances.open_of(known.id, office.session.id)
        await work.save(*received(found, "Olá"))
        maria = await office.meet("Maria")
        await office.keep(replace(client, identities=(), merged_into=maria.id))
    async with office.store.transaction() as work:
        assert (await work.attendances.load(it.id)).last_position == it.last_position


async def test_what_takes_more_than_one_statement_is_left_to_those_who_hold(
    office: Office,
) -> None:
    first, second = await office.attend(), await office.attend()
    async with overtaken(office.store) as work:
        await work.save(*replied(await work.attendances.load(first.id), office.ana.id, "1"))
        await work.save(*replied(await work.attendances.load(second.id), office.ana.id, "2"))
    async with overtaken(office.store) as work:
        await work.save(*replied(await work.attendances.load(first.id), office.ana.id, "1"))
        await work.messages.last_inbound(first.id)
    async with overtaken(office.store) as work:
        await work.team.attendant(office.ana.id)
    async with office.store.transaction() as work:
        for it in (first, second):
            assert await work.attendances.load(it.id) == it


async def test_what_is_not_there_is_missed_as_ever(office: Office) -> None:
    closed = an_attendance(
        await office.meet(), session=office.session.id, sector=office.sales.id
    ).state
    with pytest.raises(AttendanceNotFoundError):
        async with office.store.transaction(hold=False) as work:
            await work.attendances.load(closed.id)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is read without holding."""
    statements, read = list[str](), Company.read

    async def reading(its: Company, sql: str, *arguments: object, hurry: bool) -> list[Row]:
        statements.append(sql)
        return await read(its, sql, *arguments, hurry=hurry)

    monkeypatch.setattr(Company, "read", reading)
    return statements


async def test_the_attendance_of_a_message_is_asked_along(office: Office, asked: list[str]) -> None:
    it, reply = await office.answer(await office.attend(), office.ana)
    async with office.store.transaction(hold=False) as work:
        found = await work.messages.load(reply.id)
        assert await work.attendances.load(found.attendance_id) == it
        assert len(asked) == 1
        assert await work.attendances.load(found.attendance_id) == it  # as it is by now
        assert len(asked) == 2
    async with overtaken(office.store) as work:
        found = await work.messages.load(reply.id)
        await work.save(found.track(Delivery.READ, attendance=it, at=NOON))
        await work.attendances.load(it.id)  # what was saved is not written yet


async def test_what_is_open_with_a_client_is_asked_along(office: Office, asked: list[str]) -> None:
    it = await office.attend()
    async with office.store.transaction() as work:
        client = await work.clients.load(it.client_id)
    again = Client.meet(ClientId(fresh()), name="", identities=client.identities, at=NOON)
    async with office.store.transaction(hold=False) as work:
        assert await work.clients.obtain(again) == (client,)
        assert await work.attendances.open_of(client.id, it.session_id) == [it]
        assert len(asked) == 1
        assert await work.attendances.open_of(client.id, SessionId(fresh())) == []
    await office.close(it)
    async with office.store.transaction(hold=False) as work:
        assert await work.clients.obtain(again) == (client,)
        assert await work.attendances.open_of(client.id, it.session_id) == []
