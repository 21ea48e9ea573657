"""The repositories of a unit of work: loading for change, one Protocol per noun.

What they load is locked until the unit of work ends, unless it says otherwise.  Every method may
raise UnavailableError when the store does not answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.change import Change
from helpdesk.domain.client import Client
from helpdesk.domain.feedback import Feedback
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import AttendanceId, AttendantId, ClientId, MessageId, SectorId, SessionId
from helpdesk.domain.message import Delivery, Failure, Message
from helpdesk.domain.routing import Candidate
from helpdesk.domain.sector import Sector
from helpdesk.domain.session import Session


class Clients(Protocol):
    async def load(self, id: ClientId) -> Client:
        """Load and hold a client; one that was merged leads to the client it lives on in.

        Raises:
            ClientNotFoundError.
        """
        ...

    async def obtain(self, draft: Change[Client]) -> tuple[Client, ...]:
        """Insert-or-lock: hold every client known by one of the draft's identities, oldest first.

        When there is none the draft is saved, with its events, and is the only one returned.
        However many callers race, one client comes of it.
        """
        ...

    async def known_by(self, identities: Sequence[Identity]) -> list[ClientId]:
        """Find who is known by one of these, without holding anybody."""
        ...

    async def move(self, source: ClientId, target: ClientId) -> None:
        """Make all attendances and messages of `source` those of `target` (after a merge)."""
        ...


class Attendances(Protocol):
    async def load(self, id: AttendanceId) -> Attendance:
        """Load and hold an attendance.

        Raises:
            AttendanceNotFoundError.
        """
        ...

    async def find(self, id: AttendanceId) -> Attendance:
        """Load without holding: it may change before the unit of work ends.

        Raises:
            AttendanceNotFoundError.
        """
        ...

    async def open_of(self, client: ClientId, session: SessionId | None = None) -> list[Attendance]:
        """Load and hold the client's open attendances: at most one for each session."""
        ...

    async def last_heard(self, client: ClientId, session: SessionId) -> datetime | None:
        """When the client last wrote to this number, in whatever attendance; None: never."""
        ...

    async def waiting_in(self, sector: SectorId, limit: int) -> list[Attendance]:
        """Load and hold waiting attendances, longest waiting first, skipping held ones."""
        ...

    async def abandoned(self, limit: int) -> list[Attendance]:
        """Load and hold active attendances whose attendant is not active, skipping held ones."""
        ...

    async def silent_in(
        self, sector: SectorId, *, since: datetime, skip_neglected: bool, limit: int
    ) -> list[Attendance]:
        """Load and hold open attendances whose last message is not after `since`.

        Quietest first, skipping held ones, and on demand those of which managers were warned.
        """
        ...


class Messages(Protocol):
    async def load(self, id: MessageId) -> Message:
        """Load and hold a message.

        Raises:
            MessageNotFoundError.
        """
        ...

    async def find(self, id: MessageId) -> Message | None:
        """Load without holding; None when there is none."""
        ...

    async def of_provider(self, session: SessionId, provider_id: str) -> Message | None:
        """Load and hold by the provider's id within a session."""
        ...

    async def last_inbound(self, attendance: AttendanceId) -> Message | None:
        """Load the client's newest message, without holding it."""
        ...

    async def park_status(
        self, session: SessionId, provider_id: str, delivery: Delivery, failure: Failure | None
    ) -> None:
        """Keep a status whose message is not known yet; the highest rank stays."""
        ...

    async def unpark_status(
        self, session: SessionId, provider_id: str
    ) -> tuple[Delivery, Failure | None] | None:
        """Take back what `park_status` kept, once."""
        ...


class Team(Protocol):
    async def attendant(self, id: AttendantId) -> Attendant:
        """Load and hold an attendant.

        Raises:
            AttendantNotFoundError.
        """
        ...

    async def attendants(self) -> list[Attendant]:
        """Load and hold all attendants, in the order in which they joined."""
        ...

    async def sector(self, id: SectorId) -> Sector:
        """Load and hold a sector.

        Raises:
            SectorNotFoundError.
        """
        ...

    async def sectors(self) -> list[Sector]:
        """Load all sectors, the default first, without holding them."""
        ...

    async def candidates(self, sector: SectorId, *, online_since: datetime) -> list[Candidate]:
        """Hold the sector's routing and its active members, and list those.

        Nobody is counted twice meanwhile: who is in several sectors is routed to by one at a time.
        Online: not away, and seen by `Presence.beat` after `online_since`.
        """
        ...

    async def colleagues(self, ids: Sequence[AttendantId]) -> list[Attendant]:
        """Load some attendants without holding them; unknown ids are left out."""
        ...


class Presence(Protocol):
    """Which dashboards are connected, as seen by all api processes."""

    async def beat(self, attendant: AttendantId, connection: str, *, at: datetime) -> bool:
        """Note a live connection; True when the attendant had none that was alive."""
        ...

    async def leave(self, attendant: AttendantId, connection: str) -> bool:
        """Forget a connection; True when it was the attendant's last one."""
        ...

    async def expire(self, *, before: datetime) -> list[AttendantId]:
        """Forget connections not seen since `before`; return those who have none left."""
        ...

    async def is_online(self, attendant: AttendantId, *, since: datetime) -> bool:
        """Whether a connection was seen after `since`."""
        ...


class Feedbacks(Protocol):
    async def by_token(self, token_hash: bytes) -> Feedback | None:
        """Load and hold by the hash of a link's token."""
        ...

    async def of(self, attendance: AttendanceId) -> Feedback | None:
        """Load and hold what was asked about an attendance; None when nothing was."""
        ...


class Sessions(Protocol):
    async def load(self, id: SessionId) -> Session:
        """Load and hold a session.

        Raises:
            SessionNotFoundError.
        """
        ...

    async def all(self) -> list[Session]:
        """Load all sessions, oldest first, without holding them."""
        ...

    async def ever_by(self, bridge: str) -> bool:
        """Whether there is, or was and is removed, a session of this bridge."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """An opaque server-side sign-in; only the SHA-256 of its token is kept."""

    token_hash: bytes
    attendant_id: AttendantId
    expires_at: datetime


class SignIns(Protocol):
    async def credentials(self, email: str) -> tuple[AttendantId, str] | None:
        """Find the attendant and password hash for an e-mail address, lower case."""
        ...

    async def set_password(self, attendant: AttendantId, hashed: str) -> None:
        """Replace the password and end every sign-in of the attendant."""
        ...

    async def open(self, sign_in: SignIn) -> None:
        """Keep a new sign-in."""
        ...

    async def end(self, token_hash: bytes) -> None:
        """Forget a sign-in; an unknown one is no error."""
        ...

    async def end_all(self, attendant: AttendantId) -> None:
        """Forget every sign-in of the attendant."""
        ...

    async def prune(self, *, before: datetime) -> None:
        """Forget those that expired before then."""
        ...
