"""The store: all that is decided is decided here, in one transaction per use case.

Loading for change locks the row until the unit of work ends; all other reading goes through
`ports.board`.  Every method may raise UnavailableError when the store does not answer.
"""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, TypeAlias

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.change import Change, Event
from helpdesk.domain.client import Client
from helpdesk.domain.feedback import Feedback
from helpdesk.domain.message import Message
from helpdesk.domain.sector import Sector
from helpdesk.domain.session import Session
from helpdesk.ports.chores import Chores
from helpdesk.ports.early import Early
from helpdesk.ports.leases import Lease
from helpdesk.ports.outages import Outages
from helpdesk.ports.projection import Projection
from helpdesk.ports.pushes import Pushes
from helpdesk.ports.repositories import (
    Attendances,
    Clients,
    Feedbacks,
    Messages,
    Presence,
    Sessions,
    SignIns,
    Team,
)


class StaleError(Exception):
    """What was read was changed by somebody else, or more has to be done than can be unheld."""


Entity: TypeAlias = Attendance | Attendant | Client | Feedback | Message | Sector | Session


class UnitOfWork(Protocol):
    """One transaction.  Nothing is visible outside before its block ends without an error."""

    @property
    def clients(self) -> Clients: ...
    @property
    def attendances(self) -> Attendances: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def early(self) -> Early: ...
    @property
    def team(self) -> Team: ...
    @property
    def presence(self) -> Presence: ...
    @property
    def feedbacks(self) -> Feedbacks: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def sign_ins(self) -> SignIns: ...
    @property
    def chores(self) -> Chores: ...
    @property
    def outages(self) -> Outages: ...
    @property
    def pushes(self) -> Pushes: ...
    @property
    def projection(self) -> Projection: ...

    async def first_time(self, delivery: str) -> bool:
        """Claim an effect; False when an earlier unit of work that ended well already did.

        A rival that asks for the same, and has not ended yet, is waited for, whatever it was
        answered.  A unit of work that holds nothing may find out at its end only, by StaleError.
        """
        ...

    async def disclaim(self, delivery: str) -> None:
        """Take a claim back: its effect certainly did not happen."""
        ...

    async def must_hold(self, lease: Lease) -> None:
        """Go on only while the lease is held; it may end right after.

        Raises:
            LeaseLostError: it has ended, or is another's.
        """
        ...

    async def save(self, *changes: Change[Entity]) -> None:
        """Write each new state, and each event to the outbox, in order; inserts or updates.

        The order of events within one attendance is the order of commits.  A refusal may come
        when the block ends, since adapters may write together.

        Raises:
            AttendanceOpenError: the client has another open attendance in this session.
            EmailTakenError: another attendant has this e-mail address.
            ConflictError: the provider's id was stored before.
        """
        ...

    async def emit(self, *events: Event) -> None:
        """Write events that change no state (typing, read receipts) to the outbox."""
        ...


class Store(Protocol):
    def transaction(
        self, *, hold: bool = True, hurry: bool = True
    ) -> AbstractAsyncContextManager[UnitOfWork]:
        """Commit on a clean exit, roll back on any exception.

        Without `hold`, loading holds nothing, which is quicker; the block or its end then raises
        StaleError, and nothing was written, when it was not as if all had been held.  Without
        `hurry` as well, it may wait a moment for others like it, which is cheaper.

        Raises:
            StaleError: do it again, and hold.
            UnavailableError: the store does not answer; whether a commit that was under way
                took effect is then unknown.
        """
        ...

    async def prune(self, *, before: datetime) -> None:
        """Forget claims, what was parked and outages that are over, older than `before`."""
        ...

    async def ping(self) -> None:
        """Raise UnavailableError when the store cannot write."""
        ...
