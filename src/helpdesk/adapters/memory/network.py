"""What the simulated network in memory consists of.

No method waits in its middle, so each is as good as a transaction.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from helpdesk.adapters.system.bells import Bells
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.identity import Identity
from helpdesk.domain.network import Network
from helpdesk.domain.phone_amendment import PhoneAmendment
from helpdesk.domain.simulator import HELD_AT_MOST, Phone, PhoneMessage, Side, Tick


@dataclass(slots=True, eq=False)
class Row:
    message: PhoneMessage
    correlation: str
    position: int | None = None
    copies: int = 1
    held_until: datetime | None = None


@dataclass(slots=True, eq=False)
class Typing:
    """A person with a phone types, or stopped."""

    line: "Line"
    typing: bool
    at: datetime


@dataclass(slots=True, eq=False)
class Amended:
    """A person with a phone changed a message."""

    line: "Line"
    amendment: PhoneAmendment
    correlation: str


@dataclass(slots=True, eq=False)
class Line:
    """One phone, and all that is on it."""

    phone: Phone
    rows: list[Row] = field(default_factory=list)
    seq: int = 0
    number: int = 0
    held: Row | None = None
    typing_until: datetime | None = None  # what the phone shows of the helpdesk
    typing: int | None = None  # the position of the news that its person types

    def unread(self) -> Iterator[Row]:
        return (
            it
            for it in self.rows
            if it.message.direction is Side.IN and it.message.delivery is Tick.DELIVERED
        )

    def step(self) -> int:
        self.seq += 1
        return self.seq

    def place(self) -> int:
        self.number += 1
        return self.number


class State:
    def __init__(self) -> None:
        self.network = Network()
        self.lines: dict[str, Line] = {}
        self.rows: dict[str, Row] = {}
        self.pending: dict[int, Row | Typing | Amended] = {}  # by position, which only grows
        self.bells = Bells()
        self._positions = count(1)

    def line(self, number: Identity) -> Line:
        return self.lines.setdefault(number.key, Line(Phone(number=number)))

    def shown(self, phone: Identity, id: str) -> Row:
        """Find a message that the phone shows.

        Raises:
            InvalidError: there is none (field "message").
        """
        row = self.rows.get(id)
        if row is None or row.message.phone != phone.key or not row.message.number:
            raise InvalidError("There is no such message.", field="message")
        return row

    def add(self, line: Line, row: Row) -> None:
        line.rows.append(row)
        self.rows[row.message.id] = row

    def tell(self, what: Row | Typing | Amended) -> int:
        """Make it the newest news."""
        position = next(self._positions)
        self.pending[position] = what
        return position

    def tell_row(self, row: Row) -> None:
        self.pending.pop(row.position or 0, None)
        row.position = self.tell(row)

    def enter(self, line: Line, row: Row, at: datetime) -> None:
        """Let a phone's message into the network, with the troubles that are due."""
        network, self.network = self.network, self.network.disturb_one()
        row.copies = 2 if network.duplicate_next else 1
        self.tell_row(row)
        held, line.held = line.held, None
        if held and held.held_until:
            held.held_until = None
            self.tell_row(held)
        elif network.reorder_next:
            line.held, row.held_until = row, at + HELD_AT_MOST

    def arrive(self, line: Line, row: Row) -> None:
        """Show a message of ours on the phone."""
        row.message = replace(row.message, number=line.place()).mark(
            Tick.DELIVERED, seq=line.step()
        )
        self.tell_row(row)
