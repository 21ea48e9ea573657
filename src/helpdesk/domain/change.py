"""What a verb of an entity returns: the state after it, and what happened.

State and events are written together or not at all (`ports.store.UnitOfWork.save`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from helpdesk.domain.ids import SessionId

State = TypeVar("State", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened and that dashboards may want to know."""

    at: datetime  # aware, UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Event):
    """Something that the bot which holds a session must do; it never reaches a dashboard."""

    session_id: SessionId

    @property
    def key(self) -> str:
        """What it is in order with; commands with other keys are carried out meanwhile."""
        return str(self.session_id)


@dataclass(frozen=True, slots=True)
class Change(Generic[State]):
    """A new state and the events that led to it; no events when nothing visible happened."""

    state: State
    events: tuple[Event, ...] = ()
