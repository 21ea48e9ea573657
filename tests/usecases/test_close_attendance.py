"""Closing by hand and by silence, and the question that follows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from helpdesk.domain.attendance import (
    AttendanceClosed,
    AttendanceClosedError,
    AttendanceNeglected,
    ClosedBy,
)
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import SectorId
from helpdesk.domain.message import Kind, MessageWritten, ReplyQueued
from helpdesk.domain.sector import WhenClientWaits
from tests.support.clock import NOON
from tests.support.team import LINK, Firm
from tests.support.waiting import race


async def look(firm: Firm) -> int:
    return await firm.cases.close_silent()(firm.now())


async def test_the_holder_closes_with_a_reason(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    closed = await firm.cases.close_attendance()(it.id, by=firm.office.ana, reason=" resolvido ")
    assert (closed.closed_by, closed.closed_at, closed.unread) == (ClosedBy.ATTENDANT, NOON, 0)
    [told] = await firm.told(AttendanceClosed)
    assert (told.by, told.reason) == (firm.office.ana.id, "resolvido")


async def test_a_reason_is_not_a_novel(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    with pytest.raises(InvalidError):
        await firm.cases.close_attendance()(it.id, by=firm.office.ana, reason="x" * 501)
    assert (await firm.attendance(it.id)).is_open


async def test_of_two_who_close_at_once_one_does(firm: Firm) -> None:
    it, close = await firm.waiting(), firm.cases.close_attendance()
    _, second = await race(close(it.id, by=firm.office.ana), close(it.id, by=firm.office.carla))
    assert isinstance(second, AttendanceClosedError)
    assert len(await firm.told(ReplyQueued)) == 1


async def test_closing_makes_room_for_what_waits(firm: Firm) -> None:
    eva = await firm.hire("Eva", firm.office.sales, capacity=1)
    it, other = await firm.held(eva), await firm.waiting()
    await firm.route(firm.office.sales)
    await firm.come(eva)
    await firm.cases.close_attendance()(it.id, by=eva)
    assert (await firm.attendance(other.id)).attendant_id == eva.id


async def test_closing_makes_room_in_every_sector_of_who_had_it(firm: Firm) -> None:
    await firm.route(firm.office.support)
    eva = await firm.hire("Eva", firm.office.sales, firm.office.support, capacity=1)
    it, other = await firm.held(eva), await firm.waiting(firm.office.support)
    await firm.come(eva)
    await firm.cases.close_attendance()(it.id, by=firm.office.dora)
    assert (await firm.attendance(other.id)).attendant_id == eva.id


async def test_the_client_is_asked_for_feedback_by_a_link_that_is_not_stored(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    await firm.cases.close_attendance()(it.id, by=firm.office.ana)
    [_, asked] = await firm.messages(it.id)
    assert (asked.content.kind, asked.content.text) == (Kind.FEEDBACK_REQUEST, "Como foi? …")
    assert (asked.author, asked.position) == (None, 2)
    [sent] = await firm.told(ReplyQueued)
    assert sent.content.text == f"Como foi? {LINK}secret-token-1"
    assert [e.message for e in await firm.told(MessageWritten)] == [asked]


async def test_asking_does_not_count_as_the_last_message(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    firm.later(minutes=5)
    await firm.cases.close_attendance()(it.id, by=firm.office.ana)
    closed = await firm.attendance(it.id)
    assert (closed.last_position, closed.last_message_at) == (2, NOON)


async def test_a_sector_may_ask_for_no_feedback(firm: Firm) -> None:
    await firm.change(firm.office.sales, ask_feedback=False)
    it = await firm.held(firm.office.ana)
    await firm.cases.close_attendance()(it.id, by=firm.office.ana)
    assert await firm.told(ReplyQueued) == []


async def test_silence_closes_once_and_asks_once(firm: Firm) -> None:
    it = await firm.waiting()
    firm.later(minutes=30)
    assert [await look(firm), await look(firm)] == [1, 0]
    assert (await firm.attendance(it.id)).closed_by is ClosedBy.SILENCE
    assert len(await firm.told(ReplyQueued)) == 1


async def test_several_processes_that_look_at_once_close_once(firm: Firm) -> None:
    for _ in range(20):
        await firm.waiting()
    firm.later(minutes=30)
    assert sum(await race(*(look(firm) for _ in range(5)))) == 20
    assert len(await firm.told(AttendanceClosed)) == 20


async def test_a_minute_less_of_silence_closes_nothing(firm: Firm) -> None:
    await firm.waiting()
    firm.later(minutes=29)
    assert await look(firm) == 0


async def test_notes_and_transfers_do_not_break_the_silence(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    firm.later(minutes=29)
    await firm.cases.write_note()(it.id, by=firm.office.ana, text="Ver contrato")
    await firm.cases.transfer_attendance()(
        it.id, by=firm.office.ana, to=firm.office.support.id, to_sector=True
    )
    firm.later(minutes=1)
    assert await look(firm) == 1


async def test_a_sector_has_a_patience_and_a_rhythm_of_its_own(firm: Firm) -> None:
    await firm.change(
        firm.office.support, close_after=timedelta(minutes=2), check_every=timedelta(minutes=1)
    )
    await firm.waiting(firm.office.support)
    await firm.waiting(firm.office.sales)
    firm.later(minutes=2)
    assert await look(firm) == 1  # 12:02 is no turn of sales
    firm.later(minutes=29)
    assert await look(firm) == 0  # nor is 12:31, though it is silent for long
    firm.later(minutes=4)
    assert await look(firm) == 1


async def test_all_batches_of_a_sector_are_closed(firm: Firm) -> None:
    for _ in range(7):
        await firm.waiting()
    firm.later(minutes=30)
    assert await replace(firm.cases.close_silent(), batch=2)(firm.now()) == 7


async def test_where_clients_wait_managers_are_warned_once(firm: Firm) -> None:
    await firm.change(firm.office.sales, when_client_waits=WhenClientWaits.WARN)
    waiting = [(await firm.waiting()).id for _ in range(5)]
    firm.later(minutes=30)
    silent = replace(firm.cases.close_silent(), batch=2)
    assert [await silent(firm.now()), await silent(firm.now())] == [0, 0]
    assert {e.attendance.id for e in await firm.told(AttendanceNeglected)} == set(waiting)
    assert len(await firm.told(AttendanceNeglected)) == 5


async def test_where_the_attendant_spoke_last_silence_closes_all_the_same(firm: Firm) -> None:
    await firm.change(firm.office.sales, when_client_waits=WhenClientWaits.WARN)
    it = await firm.held(firm.office.ana)
    await firm.cases.send_reply()(it.id, by=firm.office.ana, text="Já resolvo")
    firm.later(minutes=30)
    assert await look(firm) == 1


class Hasty:
    """Hands everything on, but takes an attendance for silent an hour too early."""

    def __init__(self, behind: Any) -> None:
        self._behind = behind

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)

    @property
    def attendances(self) -> "Hasty":
        return Hasty(self._behind.attendances)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Hasty"]:
        async with self._behind.transaction() as work:
            yield Hasty(work)

    async def silent_in(self, sector: SectorId, *, since: datetime, **rest: Any) -> Any:
        return await self._behind.silent_in(sector, since=since + timedelta(hours=1), **rest)


async def test_what_is_not_silent_is_kept_and_looking_ends(firm: Firm) -> None:
    for _ in range(3):
        await firm.waiting()
    hasty: Any = Hasty(firm.store)
    silent = replace(firm.cases.close_silent(), store=hasty, batch=2)
    assert await silent(firm.now()) == 0
    assert await firm.told(AttendanceClosed) == []


async def test_closing_by_silence_makes_room_for_what_waits(firm: Firm) -> None:
    eva = await firm.hire("Eva", firm.office.sales, capacity=1)
    await firm.held(eva)
    firm.later(minutes=30)
    other = await firm.waiting()
    await firm.route(firm.office.sales)
    await firm.come(eva)
    assert await look(firm) == 1
    assert (await firm.attendance(other.id)).attendant_id == eva.id
