"""Where messages were: kept once for each step, read in order, forgotten in time."""

from dataclasses import replace
from datetime import timedelta

from helpdesk.domain.ids import MessageId
from helpdesk.domain.journey import Step, StepName
from helpdesk.domain.message import Failure
from helpdesk.ports.journey import Journeys
from tests.support.builders import fresh
from tests.support.clock import NOON

SECOND = timedelta(seconds=1)


def a_step(name: StepName, *, after: int = 0, attempt: int = 1, **more: object) -> Step:
    known: dict[str, object] = {"message_id": MESSAGE, "process": "bot@one:7", "correlation": "c"}
    return Step(name=name, at=NOON + after * SECOND, attempt=attempt, **(known | more))  # type: ignore[arg-type]


MESSAGE = MessageId(fresh())
TRIED = [
    a_step(StepName.ACCEPTED),
    a_step(StepName.SENDING, after=2),
    a_step(StepName.FAILED, after=3, failure=Failure("bridge_down", "It was not linked.")),
    a_step(StepName.ACCEPTED, after=60, attempt=2),
    a_step(StepName.SENT, after=61, attempt=2),
]


async def test_steps_come_back_as_they_were_kept_attempt_after_attempt(journeys: Journeys) -> None:
    await journeys.keep(TRIED[::-1])
    assert await journeys.of(MESSAGE) == TRIED


async def test_nothing_is_kept_of_a_message_nobody_heard_of(journeys: Journeys) -> None:
    await journeys.keep([])
    assert await journeys.of(MESSAGE) == []


async def test_of_a_step_that_is_kept_twice_the_first_stays(journeys: Journeys) -> None:
    first = a_step(StepName.STORED)
    again = replace(first, at=NOON + SECOND, process="another")
    await journeys.keep([first, again])
    await journeys.keep([again])
    assert await journeys.of(MESSAGE) == [first]


async def test_messages_do_not_mix(journeys: Journeys) -> None:
    other = a_step(StepName.STORED, message_id=MessageId(fresh()))
    await journeys.keep([a_step(StepName.SHOWN), other])
    assert await journeys.of(other.message_id) == [other]


async def test_steps_of_one_moment_come_in_the_order_of_their_names(journeys: Journeys) -> None:
    names = [StepName.RECEIVED, StepName.QUEUED, StepName.STORED, StepName.SHOWN]
    await journeys.keep([a_step(it) for it in reversed(names)])
    assert [it.name for it in await journeys.of(MESSAGE)] == names


async def test_old_steps_are_forgotten_and_newer_ones_are_not(journeys: Journeys) -> None:
    await journeys.keep([*TRIED, a_step(StepName.STORED, message_id=MessageId(fresh()))])
    await journeys.prune(before=NOON + 60 * SECOND)
    assert await journeys.of(MESSAGE) == TRIED[3:]
