"""What events and reports say of a message's way."""

from dataclasses import replace
from datetime import timedelta

from helpdesk.adapters.wire import trail
from helpdesk.domain.change import Event
from helpdesk.domain.ids import MessageId
from helpdesk.domain.journey import Hop, Step, StepName, in_order, is_shown, steps_of, told
from tests.support.builders import fresh
from tests.support.clock import NOON
from tests.support.wire import examples

WAY = (
    Hop(StepName.RECEIVED, NOON, "bot@a:1"),
    Hop(StepName.SENT, NOON + timedelta(seconds=1.5), "bot@b:2", 3),
)


def test_what_is_about_no_message_has_no_way() -> None:
    event = Event(at=NOON)
    assert told(event, process="p", before=WAY) == ()
    assert steps_of(event, WAY, correlation="c") == []
    assert not is_shown(event)


def test_the_way_of_a_file_is_not_that_of_its_message() -> None:
    assert told(examples()["message.media_changed.v1"], process="p", before=WAY) == ()


def test_a_trail_is_read_as_it_was_written() -> None:
    assert trail.decode(trail.encode(WAY)) == WAY
    assert trail.decode(trail.encode(())) == ()
    assert len(trail.encode(WAY)) < 140


def test_a_trail_that_cannot_be_read_is_none() -> None:
    for text in ("nonsense", '[["flown","2026-11-23T12:00:00Z","p",null]]', "[[]]", "{}"):
        assert trail.decode(text) == ()


def test_a_clock_that_is_behind_does_not_mix_attempts() -> None:
    def step(name: StepName, attempt: int, seconds: float) -> Step:
        at = NOON + timedelta(seconds=seconds)
        return replace(FIRST, name=name, attempt=attempt, at=at)

    later = [step(StepName.ACCEPTED, 2, -1), step(StepName.SENT, 2, 0)]
    assert in_order([*later, FIRST]) == [FIRST, *later]


FIRST = Step(
    message_id=MessageId(fresh()),
    attempt=1,
    name=StepName.FAILED,
    at=NOON,
    process="p",
    correlation="c",
)
