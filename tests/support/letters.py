"""Dead letters for tests."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from helpdesk.adapters.wire import events as wire
from helpdesk.domain.dead_letter import DeadLetter, DeathReason
from helpdesk.domain.journey import Hop, StepName
from helpdesk.ports.broker import INBOUND
from tests.support.clock import NOON
from tests.support.reports import typing


def a_letter(number: int = 1, **changes: Any) -> DeadLetter:
    """One that can be read, each number another, a minute after the one before."""
    name, body = wire.encode(typing(number))
    at = NOON + timedelta(minutes=number)
    letter = DeadLetter(
        queue=INBOUND,
        key=f"+551190000{number:04}",
        message_id=str(UUID(int=number)),
        type=name,
        correlation=f"cause-{number}",
        trail=(Hop(StepName.RECEIVED, NOON, "bot@one:7"),),
        body=body,
        reason=DeathReason.REFUSED,
        error="conflict",
        detail="Too late.",
        attempts=1,
        first_at=at,
        last_at=at,
    )
    return replace(letter, **changes)


def a_foreign_letter(body: bytes = b"\x00\xff not ours") -> DeadLetter:
    """What somebody else wrote into our queue."""
    changes = {"message_id": "", "type": "", "body": body, "trail": ()}
    return a_letter(9, reason=DeathReason.UNREADABLE, **changes)
