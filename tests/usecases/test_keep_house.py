"""Forgetting what nobody needs any more; adapters date what they keep by the machine's clock."""

from datetime import UTC, datetime

import pytest

from helpdesk.domain.errors import ConflictError
from helpdesk.ports.feed import CursorTooOldError
from tests.support.team import Firm


@pytest.fixture
def today(firm: Firm) -> Firm:
    firm.now.at = datetime.now(UTC)
    return firm


async def keep_house(firm: Firm, **later: float) -> None:
    firm.later(**later)
    await firm.cases.keep_house()()


async def test_the_feed_is_kept_for_two_days(today: Firm) -> None:
    await today.waiting()
    await today.cases.relay_to_feed().once()
    await keep_house(today, hours=47)
    await anext(today.feed.follow(0))
    await keep_house(today, hours=2)
    with pytest.raises(CursorTooOldError):
        await anext(today.feed.follow(0))


async def test_a_delivery_is_known_for_two_weeks_and_never_doubled(today: Firm) -> None:
    receive, report = today.cases.receive_message(), today.report()
    await receive(report)
    await keep_house(today, days=13)
    await receive(report)
    await keep_house(today, days=2)
    with pytest.raises(ConflictError):  # known by its id, though no longer by its claim
        await receive(report)
    [it] = await today.attendances()
    assert len(await today.messages(it.id)) == 1


async def test_moments_of_the_schedule_are_known_for_two_weeks(today: Firm) -> None:
    claim, due_at = today.cases.ticks().claim, today.now()
    assert await claim("silence", due_at)
    await keep_house(today, days=13)
    assert not await claim("silence", due_at)
    await keep_house(today, days=2)
    assert await claim("silence", due_at)


async def test_sign_ins_are_kept_until_they_expire(today: Firm) -> None:
    ana = today.office.ana
    await today.cases.change_password().set(ana.id, new="correct horse")
    signed_in = await today.cases.sign_in_out()(ana.email, "correct horse")
    await keep_house(today, days=29)
    assert await today.cases.authenticate()(signed_in.token) == ana
    await keep_house(today, days=2)
    assert await today.cases.authenticate()(signed_in.token) is None
