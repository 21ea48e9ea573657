"""A team that answers one kind of question, with its own rules for routing and silence."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from helpdesk.domain.change import Change, Event
from helpdesk.domain.errors import InvalidError, NotFoundError
from helpdesk.domain.ids import SectorId

NAME_LIMIT: Final = 80


class SectorNotFoundError(NotFoundError):
    """There is no such sector."""

    code = "sector_not_found"


class Policy(StrEnum):
    """How a new attendance finds its attendant."""

    MANUAL = "manual"  # it waits until somebody takes it
    LEAST_BUSY = "least_busy"


class WhenClientWaits(StrEnum):
    """What silence does to an attendance in which the client spoke last."""

    CLOSE = "close"
    WARN = "warn"  # keep it open and warn the managers


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChanged(Event):
    """Sectors, attendants or their membership changed: what people may see may have changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector:
    """None for a duration means: as configured for the whole installation."""

    id: SectorId
    name: str
    policy: Policy = Policy.MANUAL
    is_default: bool = False  # exactly one sector is; it gets the new attendances
    close_after: timedelta | None = None
    check_every: timedelta | None = None
    when_client_waits: WhenClientWaits = WhenClientWaits.CLOSE
    ask_feedback: bool = True

    def revise(self, revised: "Sector", *, at: datetime) -> "Change[Sector]":
        """Replace every setting but the id.

        Raises:
            InvalidError: a setting out of its range.
        """
        state = checked(replace(revised, id=self.id))
        return Change(state, (TeamChanged(at=at),) if state != self else ())


def establish(sector: Sector, *, at: datetime) -> Change[Sector]:
    """Found a new sector.

    Raises:
        InvalidError: a setting out of its range.
    """
    return Change(checked(sector), (TeamChanged(at=at),))


def checked(sector: Sector) -> Sector:
    name = " ".join(sector.name.replace("\0", " ").split())
    if not 1 <= len(name) <= NAME_LIMIT:
        raise InvalidError(f"A sector's name has 1 to {NAME_LIMIT} characters.", field="name")
    for field in ("close_after", "check_every"):
        value: timedelta | None = getattr(sector, field)
        if value is not None and not timedelta(seconds=1) <= value <= timedelta(days=30):
            raise InvalidError("Give 1 second to 30 days.", field=f"{field}_seconds")
    return replace(sector, name=name)
