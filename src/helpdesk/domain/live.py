"""Feeds outside of the helpdesk, in which dashboards listen themselves.

Where an event is written and what a person reads are two sides of `Audience.includes`: they have a
feed in common exactly where the person may see the event.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.errors import ConflictError
from helpdesk.domain.ids import AttendantId
from helpdesk.domain.visibility import Audience

EVERYONE: Final = "everyone"
ADMINS: Final = "admins"
RIGHTS_LAST: Final = timedelta(hours=1)  # as config/firestore.rules says
SECTORS: Final = 24  # more do not fit into the claims of a token


class TooManySectorsError(ConflictError):
    """Who is in so many sectors follows the feed of the API."""

    code = "too_many_sectors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What a token says of its person."""

    attendant_id: AttendantId
    role: Role
    sectors: tuple[str, ...]  # sorted; an admin's do not matter

    @classmethod
    def of(cls, it: Attendant) -> "Rights":
        sectors = () if it.role is Role.ADMIN else sorted(map(str, it.sectors))
        return cls(attendant_id=it.id, role=it.role, sectors=tuple(sectors))

    def claims(self, *, at: datetime) -> Mapping[str, object]:
        """Write them for the rules.

        Raises:
            TooManySectorsError: they would be too large.
        """
        if len(self.sectors) > SECTORS:
            raise TooManySectorsError
        return {
            "role": str(self.role),
            "sectors": list(self.sectors),
            "minted": int(at.timestamp()),
        }

    @property
    def feeds(self) -> list[str]:
        """Name the feeds that the person reads."""
        if self.role is Role.ADMIN:
            return [EVERYONE, ADMINS]
        managed = self.sectors if self.role is Role.MANAGER else ()
        return [
            EVERYONE,
            f"attendant:{self.attendant_id}",
            *(f"sector:{it}" for it in self.sectors),
            *(f"managers:{it}" for it in managed),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What the newest token of a person says, and when it was made."""

    rights: Rights
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a browser has to know to listen; the addresses are empty for the usual ones."""

    kind: str
    project: str
    api_key: str
    data_url: str = ""
    auth_url: str = ""


def feeds_of(audience: Audience) -> list[str]:
    """Name the feeds in which those read who may see an event."""
    if audience.everyone:
        return [EVERYONE]
    return [
        ADMINS,
        *sorted(f"attendant:{it}" for it in audience.attendants),
        *sorted(f"sector:{it}" for it in audience.members_of),
        # Managers are members.
        *sorted(f"managers:{it}" for it in audience.managers_of - audience.members_of),
    ]
