"""The way of one message through the processes: what happened to it when, and where.

Each process adds its hops to the trail that travels along with an event; what it comes to is kept
beside the message by whoever tells dashboards, so that no transaction waits for it.  A hop may be
lost; a message may not be lost for want of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpdesk.domain.amendment import AmendmentEvent
from helpdesk.domain.attachment import MediaChanged
from helpdesk.domain.bridge import InboundMessage, Report, SendReported, StatusReported
from helpdesk.domain.change import Event
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import (
    Delivery,
    Direction,
    Failure,
    MessageEvent,
    MessageReceived,
    ReplyQueued,
)


class StepName(StrEnum):
    """In the order in which they usually happen."""

    RECEIVED = "received"  # a bridge heard the client
    ACCEPTED = "accepted"  # somebody's answer is stored, and its sending with it
    QUEUED = "queued"  # handed to the broker: a report for consumers, a command for a bot
    STORED = "stored"  # the client's message, or a note
    SENDING = "sending"  # a bot begins to send
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"
    SHOWN = "shown"  # pushed to the feed that dashboards follow


@dataclass(frozen=True, slots=True)
class Hop:
    """`process` names who did it; `attempt` None means: the present one of the message."""

    name: StepName
    at: datetime  # aware, UTC
    process: str
    attempt: int | None = None


Trail = tuple[Hop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is kept; of one name only the first in each attempt."""

    message_id: MessageId
    attempt: int  # 1, then one more for each retry; also for what is never sent
    name: StepName
    at: datetime
    process: str
    correlation: str
    failure: Failure | None = None  # why, where the name is failed or unknown


def reported(report: Report, *, at: datetime, process: str) -> Trail:
    """What a bot adds to the trail when it puts a report on the inbound queue."""
    match report:
        case InboundMessage():
            return (
                Hop(StepName.RECEIVED, report.at, process),
                Hop(StepName.QUEUED, at, process),
            )
        case SendReported():
            return (Hop(StepName(report.delivery), report.at, process, report.attempt),)
        case StatusReported():
            return (Hop(StepName(report.delivery), report.at, process),)
        case _:
            return ()


def told(event: Event, *, process: str, before: Trail) -> Trail:
    """Give the trail with which an event is written, after the trail of what led to it."""
    if isinstance(event, ReplyQueued):
        return (Hop(StepName.ACCEPTED, event.at, process, event.attempt),)
    if not isinstance(event, MessageEvent) or isinstance(event, MediaChanged | AmendmentEvent):
        return ()  # its file has a way of its own, and so has what happens to it later
    name = _outcome(event)
    if any(it.name is name for it in before):
        return before  # who reported it knows better when it happened
    return (*before, Hop(name, event.at, process))


def _outcome(event: MessageEvent) -> StepName:
    delivery = event.message.delivery
    if delivery is None:
        return StepName.STORED
    return StepName.ACCEPTED if delivery is Delivery.QUEUED else StepName(delivery)


def steps_of(event: Event, trail: Trail, *, correlation: str) -> list[Step]:
    """What to keep of an event's trail; nothing when it is about no message."""
    if isinstance(event, ReplyQueued):
        message_id, attempt, failure = event.message_id, event.attempt, None
    elif isinstance(event, MessageEvent):
        it = event.message
        message_id, attempt, failure = it.id, max(it.attempt, 1), it.failure
    else:
        return []
    return [
        Step(
            message_id=message_id,
            attempt=hop.attempt or attempt,
            name=hop.name,
            at=hop.at,
            process=hop.process,
            correlation=correlation,
            failure=failure if hop.name in _BAD else None,
        )
        for hop in trail
    ]


_BAD = frozenset({StepName.FAILED, StepName.UNKNOWN})


def is_shown(event: Event) -> bool:
    """Whether its reaching the feed is a step: the client's words and notes, not our ticks."""
    if isinstance(event, MessageReceived):
        return True
    is_note = isinstance(event, MessageEvent) and event.message.direction is Direction.NOTE
    return is_note and not isinstance(event, AmendmentEvent)


def in_order(steps: Sequence[Step]) -> list[Step]:
    """Sort by attempt and time; clocks of two machines may differ, so a name has its place."""
    ranks = {name: rank for rank, name in enumerate(StepName)}
    return sorted(steps, key=lambda it: (it.attempt, it.at, ranks[it.name]))
