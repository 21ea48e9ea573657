"""People who answer clients: their role, sectors, room for work and presence."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from helpdesk.domain.change import Change, Event
from helpdesk.domain.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from helpdesk.domain.ids import AttendantId, SectorId
from helpdesk.domain.sector import TeamChanged

NAME_LIMIT: Final = 80
CAPACITY_LIMIT: Final = 1000
_EMAIL: Final = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,190}")


class AttendantNotFoundError(NotFoundError):
    """There is no such attendant."""

    code = "attendant_not_found"


class EmailTakenError(ConflictError):
    """Another attendant signs in with this e-mail address."""

    code = "email_taken"


class LastAdminError(ConflictError):
    """Somebody must remain who may administer the helpdesk."""

    code = "last_admin"


class RoleRequiredError(ForbiddenError):
    """This needs another role."""

    code = "role_required"


class Role(StrEnum):
    ADMIN = "admin"
    MANAGER = "manager"
    ATTENDANT = "attendant"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChanged(Event):
    attendant_id: AttendantId
    online: bool  # a dashboard is connected
    away: bool  # said by hand: nothing is assigned to them


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendant:
    id: AttendantId
    name: str
    email: str  # lower case
    role: Role
    sectors: frozenset[SectorId] = frozenset()
    capacity: int = 10  # attendances at once that routing may give them
    active: bool = True  # False: cannot sign in, nothing is assigned
    away: bool = False

    def must_be(self, *roles: Role) -> None:
        """Refuse everybody without one of `roles`.

        Raises:
            RoleRequiredError: the actor has another role.
        """
        if self.role not in roles:
            raise RoleRequiredError(f"Only {' or '.join(roles)} may do this.")

    def revise(self, revised: "Attendant", *, at: datetime) -> "Change[Attendant]":
        """Replace every property but the id.

        Raises:
            InvalidError: a property out of its range.
        """
        state = checked(replace(revised, id=self.id))
        return Change(state, (TeamChanged(at=at),) if state != self else ())

    def step_away(self, away: bool, *, online: bool, at: datetime) -> "Change[Attendant]":
        """Say by hand whether new attendances may be assigned."""
        if away == self.away:
            return Change(self)
        changed = PresenceChanged(at=at, attendant_id=self.id, online=online, away=away)
        return Change(replace(self, away=away), (changed,))


def engage(attendant: Attendant, *, at: datetime) -> Change[Attendant]:
    """Add a person to the team.

    Raises:
        InvalidError: a property out of its range.
    """
    return Change(checked(attendant), (TeamChanged(at=at),))


def checked(attendant: Attendant) -> Attendant:
    name = " ".join(attendant.name.replace("\0", " ").split())
    if not 1 <= len(name) <= NAME_LIMIT:
        raise InvalidError(f"A name has 1 to {NAME_LIMIT} characters.", field="name")
    email = attendant.email.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise InvalidError("Give an address like ana@example.com.", field="email")
    if not 0 <= attendant.capacity <= CAPACITY_LIMIT:
        raise InvalidError(f"Capacity is 0 to {CAPACITY_LIMIT}.", field="capacity")
    return replace(attendant, name=name, email=email)
