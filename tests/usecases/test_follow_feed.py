"""What a dashboard hears: what its person may see now, for as long as they are signed in."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from helpdesk.domain.attendance import AttendanceEvent
from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.ids import AttendanceId
from helpdesk.ports.feed import CursorTooOldError, FeedItem
from tests.support.team import Firm

PASSWORD = "correct horse"


class Dashboard:
    """One that is connected and hears all there is."""

    def __init__(self, firm: Firm, token: str, stream: AsyncIterator[tuple[int, FeedItem | None]]):
        self.firm, self.token, self.stream = firm, token, stream
        self.heard: list[tuple[int, FeedItem | None]] = []
        self.ended = False

    async def catch_up(self) -> None:
        """Relay, then listen until the newest, or the end."""
        await self.firm.cases.relay_to_feed().once()
        head = await self.firm.cases.follow_feed().head()
        async with asyncio.timeout(60):
            while not self.ended and (not self.heard or self.heard[-1][0] < head):
                try:
                    self.heard.append(await anext(self.stream))
                except StopAsyncIteration:
                    self.ended = True

    @property
    def attendances(self) -> list[AttendanceId]:
        events = [item.envelope.event for _, item in self.heard if item]
        return [it.attendance.id for it in events if isinstance(it, AttendanceEvent)]


async def open_dashboard(firm: Firm, who: Attendant, since: int = 0) -> Dashboard:
    await firm.cases.change_password().set(who.id, new=PASSWORD)
    signed_in = await firm.cases.sign_in_out()(who.email, PASSWORD)
    stream = firm.cases.follow_feed()(who, signed_in.token, since=since)
    return Dashboard(firm, signed_in.token, stream)


async def test_everybody_hears_what_they_may_see_and_every_cursor(firm: Firm) -> None:
    ana, dora = [await open_dashboard(firm, it) for it in (firm.office.ana, firm.office.dora)]
    mine, theirs = await firm.waiting(), await firm.waiting(firm.office.support)
    for it in (ana, dora):
        await it.catch_up()
    assert (ana.attendances, dora.attendances) == ([mine.id], [mine.id, theirs.id])
    assert [cursor for cursor, _ in ana.heard] == [cursor for cursor, _ in dora.heard]


async def test_who_was_cut_off_gets_exactly_what_they_missed(firm: Firm) -> None:
    before = await open_dashboard(firm, firm.office.ana)
    await firm.waiting()
    await before.catch_up()
    missed = [(await firm.waiting()).id for _ in range(3)]
    again = await open_dashboard(firm, firm.office.ana, since=before.heard[-1][0])
    await again.catch_up()
    assert again.attendances == missed


async def test_a_cursor_of_another_life_is_refused(firm: Firm) -> None:
    stream = firm.cases.follow_feed()(firm.office.ana, "token", since=99)
    with pytest.raises(CursorTooOldError):
        await anext(stream)


async def test_another_role_takes_effect_at_once(firm: Firm) -> None:
    ana = await open_dashboard(firm, firm.office.ana)
    before = await firm.waiting(firm.office.support)
    await firm.cases.manage_attendants().change(
        firm.office.ana.id, by=firm.office.dora, properties={"role": Role.ADMIN}
    )
    afterwards = await firm.waiting(firm.office.support)
    await ana.catch_up()
    assert before.id not in ana.attendances
    assert ana.attendances == [afterwards.id]


async def test_who_is_no_longer_active_hears_nothing_further(firm: Firm) -> None:
    ana = await open_dashboard(firm, firm.office.ana)
    await firm.cases.manage_attendants().change(
        firm.office.ana.id, by=firm.office.dora, properties={"active": False}
    )
    await firm.waiting()
    await ana.catch_up()
    assert (ana.ended, ana.attendances) == (True, [])


async def test_who_signed_out_hears_nothing_a_moment_later(firm: Firm) -> None:
    ana = await open_dashboard(firm, firm.office.ana)
    first = await firm.waiting()
    await ana.catch_up()
    await firm.cases.sign_in_out().out(ana.token)
    firm.later(seconds=5)
    await firm.waiting()
    await ana.catch_up()
    assert (ana.ended, ana.attendances) == (True, [first.id])


async def test_who_stays_signed_in_hears_on(firm: Firm) -> None:
    ana, heard = await open_dashboard(firm, firm.office.ana), []
    for _ in range(3):
        heard.append((await firm.waiting()).id)
        await ana.catch_up()
        firm.later(seconds=5)
    assert (ana.ended, ana.attendances) == (False, heard)
