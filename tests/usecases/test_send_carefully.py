"""Keeping numbers of unofficial bridges from being banned."""

from dataclasses import replace

import pytest

from helpdesk.domain.bridge import Capabilities
from helpdesk.domain.care import CHATS_A_DAY, Care, TooManyChatsError
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.usecases.open_attendance import OpenAttendance
from helpdesk.domain.usecases.send_carefully import Pacer, at_once
from tests.support.builders import phone
from tests.support.team import Firm


class Time:
    def __init__(self) -> None:
        self.now = 100.0
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


def pacer(time: Time, chance: float = 0.5) -> Pacer:
    return Pacer(Care(), clock=lambda: time.now, chance=lambda: chance, sleep=time.sleep)


async def test_messages_leave_with_a_pause_between_them() -> None:
    time = Time()
    turn = pacer(time)
    for _ in range(3):
        await turn()
    assert time.waits == [0, 1, 2]
    time.now += 60
    await turn()
    assert time.waits[-1] == 0


async def test_pauses_are_not_regular() -> None:
    assert [Care().pause(chance) for chance in (0, 0.5, 1)] == [0.5, 1, 1.5]


async def test_who_would_wait_too_long_is_told_to_come_again() -> None:
    time = Time()
    turn = pacer(time)
    for _ in range(31):
        await turn()
    with pytest.raises(UnavailableError):
        await turn()
    assert max(time.waits) == 30
    await at_once()


def opener(firm: Firm, *, official: bool, care: Care | None = None) -> OpenAttendance:
    return replace(
        firm.cases.open_attendance(),
        abilities=lambda _: Capabilities(official=official),
        care=care or firm.cases.care(),
    )


async def test_a_number_that_is_not_official_begins_few_chats_a_day(firm: Firm) -> None:
    open_attendance, ana = opener(firm, official=False), firm.office.ana
    for n in range(CHATS_A_DAY):
        await open_attendance(by=ana, text="Oi", phone=phone(n).value)
    with pytest.raises(TooManyChatsError):
        await open_attendance(by=ana, text="Oi", phone=phone(99).value)
    assert len(await firm.attendances()) == CHATS_A_DAY
    firm.later(days=1)
    await open_attendance(by=ana, text="Oi", phone=phone(99).value)


async def test_how_many_chats_a_number_begins_is_configured(firm: Firm) -> None:
    care = Care(chats_a_day=0)
    with pytest.raises(TooManyChatsError):
        await opener(firm, official=False, care=care)(
            by=firm.office.ana, text="Oi", phone=phone(1).value
        )
    assert await firm.attendances() == []


async def test_an_official_number_begins_as_many_as_it_likes(firm: Firm) -> None:
    open_attendance = opener(firm, official=True)
    for n in range(CHATS_A_DAY + 1):
        await open_attendance(by=firm.office.ana, text="Oi", phone=phone(n).value)
