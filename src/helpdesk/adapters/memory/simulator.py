"""The simulated network in one process's memory.

No method waits in its middle, so each is as good as a transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from helpdesk.adapters.system.bells import Bells
from helpdesk.adapters.wire import correlation
from helpdesk.domain.bridge import Outbound, SendResult
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.identity import Identity
from helpdesk.domain.simulator import (
    HELD_AT_MOST,
    TYPING_LASTS,
    Conversation,
    Network,
    News,
    Phone,
    PhoneMessage,
    PhoneView,
    Said,
    Side,
    Tick,
    accepted,
    refused,
)
from helpdesk.ports.simulator import NETWORK, NEWS, Bell, Topic, topic_of


@dataclass(slots=True, eq=False)
class _Row:
    message: PhoneMessage
    correlation: str
    position: int | None = None
    copies: int = 1
    held_until: datetime | None = None


@dataclass(slots=True, eq=False)
class _Line:
    """One phone, and all that is on it."""

    phone: Phone
    rows: list[_Row] = field(default_factory=list)
    seq: int = 0
    number: int = 0
    held: _Row | None = None
    typing_until: datetime | None = None
    typing: tuple[int, bool, datetime] | None = None  # position of the news, which, since when

    def step(self) -> int:
        self.seq += 1
        return self.seq

    def place(self) -> int:
        self.number += 1
        return self.number


class _State:
    def __init__(self) -> None:
        self.network = Network()
        self.lines: dict[str, _Line] = {}
        self.rows: dict[str, _Row] = {}
        self.pending: dict[int, _Row | _Line] = {}  # by position, which only grows
        self.bells = Bells()
        self._positions = count(1)

    def line(self, number: Identity) -> _Line:
        return self.lines.setdefault(number.key, _Line(Phone(number=number)))

    def add(self, line: _Line, row: _Row) -> None:
        line.rows.append(row)
        self.rows[row.message.id] = row

    def tell(self, what: _Row | _Line) -> int:
        """Make it the newest news."""
        position = next(self._positions)
        self.pending[position] = what
        return position

    def tell_row(self, row: _Row) -> None:
        self.pending.pop(row.position or 0, None)
        row.position = self.tell(row)

    def enter(self, line: _Line, row: _Row, at: datetime) -> None:
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

    def arrive(self, line: _Line, row: _Row) -> None:
        """Show a message of ours on the phone."""
        row.message = replace(row.message, number=line.place()).mark(
            Tick.DELIVERED, seq=line.step()
        )
        self.tell_row(row)


class _Phones:
    def __init__(self, state: _State) -> None:
        self._state = state

    async def say(self, said: Said, *, at: datetime) -> PhoneMessage:
        if known := self._state.rows.get(said.id):
            return known.message
        line = self._state.line(said.phone)
        if said.quote is not None and not any(it.message.id == said.quote for it in line.rows):
            raise InvalidError("There is no such message to quote.", field="quote")
        line.phone = replace(
            line.phone,
            number=said.phone,
            name=line.phone.name if said.name is None else said.name,
        )
        message = said.message(number=line.place(), seq=line.step(), online=line.phone.online, at=at)
        row = _Row(message, correlation.current())
        self._state.add(line, row)
        if line.phone.online:
            self._state.enter(line, row, at)
        self._state.bells.ring(NEWS, topic_of(said.phone))
        return message

    async def conversation(
        self, phone: Identity, *, after: int, limit: int, at: datetime
    ) -> Conversation:
        line = self._state.lines.get(phone.key)
        if line is None:
            return Conversation()
        changed = sorted(
            (it.message for it in line.rows if it.message.seq > after), key=lambda it: it.seq
        )
        seq = changed[limit - 1].seq if len(changed) > limit else line.seq
        return Conversation.of(
            [it for it in changed if it.seq <= seq],
            seq=seq,
            typing_until=line.typing_until,
            at=at,
        )

    async def read(self, phone: Identity) -> None:
        line = self._state.lines.get(phone.key)
        unread = list(_unread(line)) if line else []
        if line and unread:
            seq = line.step()
            for row in unread:
                row.message = row.message.mark(Tick.READ, seq=seq)
                self._state.tell_row(row)
            self._state.bells.ring(NEWS, topic_of(phone))

    async def set_typing(self, phone: Identity, typing: bool, *, at: datetime) -> None:
        line = self._state.line(phone)
        if line.typing:
            self._state.pending.pop(line.typing[0], None)
        line.typing = (self._state.tell(line), typing, at)
        self._state.bells.ring(NEWS)

    async def all(self) -> list[PhoneView]:
        return sorted(
            map(_view, self._state.lines.values()),
            key=lambda it: (-it.last.at.timestamp() if it.last else 0.0, it.phone.number.key),
        )

    async def put(
        self,
        phone: Identity,
        *,
        name: str | None = None,
        online: bool | None = None,
        missing: bool | None = None,
        at: datetime,
    ) -> Phone:
        line = self._state.line(phone)
        line.phone = line.phone.put(name=name, online=online, missing=missing)
        if line.phone.online:
            self._catch_up(line, at)
            self._state.bells.ring(NEWS, topic_of(phone))
        return line.phone

    def _catch_up(self, line: _Line, at: datetime) -> None:
        for row in line.rows:
            if row.message.direction is Side.OUT and row.message.delivery is Tick.PENDING:
                row.message = row.message.mark(Tick.SENT, seq=line.step())
                self._state.enter(line, row, at)
            elif row.message.direction is Side.IN and row.message.delivery is Tick.SENT:
                self._state.arrive(line, row)


class _Account:
    def __init__(self, state: _State) -> None:
        self._state = state

    async def news(self, *, limit: int, but: Sequence[int] = (), at: datetime) -> list[News]:
        if not self._state.network.is_up:
            return []
        left_out = frozenset(but)
        found = (
            self._news(position, it)
            for position, it in self._state.pending.items()
            if position not in left_out
            and not (isinstance(it, _Row) and it.held_until and it.held_until > at)
        )
        return [it for it, _ in zip(found, range(limit), strict=False)]

    def _news(self, position: int, it: _Row | _Line) -> News:
        if isinstance(it, _Row):
            return News(
                position=position,
                phone=self._state.lines[it.message.phone].phone,
                message=it.message,
                at=it.message.at,
                copies=it.copies,
                correlation=it.correlation,
            )
        _, typing, since = it.typing or (0, False, datetime.min)
        return News(position=position, phone=it.phone, message=None, at=since, typing=typing)

    async def acknowledge(self, positions: Sequence[int]) -> None:
        steps: dict[str, int] = {}
        for position in positions:
            it = self._state.pending.pop(position, None)
            if isinstance(it, _Line):
                it.typing = None
            elif it is not None:
                it.position, it.held_until = None, None
                if it.message.direction is Side.OUT:
                    line = self._state.lines[it.message.phone]
                    seq = steps.get(it.message.phone) or line.step()
                    steps[it.message.phone] = seq
                    it.message = it.message.mark(Tick.DELIVERED, seq=seq)
        self._state.bells.ring(*steps)

    async def deliver(self, message: Outbound, *, at: datetime) -> SendResult:
        self._state.network.must_be_up()
        id = str(message.message_id)
        if id in self._state.rows:
            return accepted(id, message.address, self._state.line(message.address).phone)
        if self._state.network.fail_next:
            self._state.network = self._state.network.refuse_one()
            return refused("The simulator was told to refuse it.")
        line = self._state.line(message.address)
        if line.phone.missing:
            return refused("This number is not on WhatsApp.")
        line.typing_until = None
        row = _Row(arriving(message, at), correlation.current())
        self._state.add(line, row)
        if line.phone.online:
            self._state.arrive(line, row)
            self._state.bells.ring(NEWS, topic_of(message.address))
        return accepted(id, message.address, line.phone)

    async def mark_read(self, phone: Identity, id: str) -> None:
        line, upto = self._state.lines.get(phone.key), self._state.rows.get(id)
        if line is None or upto is None:
            return
        seq = line.step()
        for row in line.rows:
            if row.message.direction is Side.OUT and row.message.number <= upto.message.number:
                row.message = row.message.mark(Tick.READ, seq=seq)
        self._state.bells.ring(topic_of(phone))

    async def show_typing(self, phone: Identity, *, at: datetime) -> None:
        if line := self._state.lines.get(phone.key):
            if line.typing_until is None or line.typing_until <= at:
                line.step()
            line.typing_until = at + TYPING_LASTS
            self._state.bells.ring(topic_of(phone))


class MemorySimulator:
    def __init__(self) -> None:
        self._state = _State()
        self.phones = _Phones(self._state)
        self.account = _Account(self._state)

    async def network(self) -> Network:
        return self._state.network

    async def change(self, verb: Callable[[Network], Network]) -> Network:
        self._state.network = verb(self._state.network)
        self._state.bells.ring(NETWORK, NEWS)
        return self._state.network

    def bell(self, topic: Topic) -> AbstractAsyncContextManager[Bell]:
        return self._state.bells.listen(topic)


def _unread(line: _Line) -> Iterator[_Row]:
    return (
        it
        for it in line.rows
        if it.message.direction is Side.IN and it.message.delivery is Tick.DELIVERED
    )


def _view(line: _Line) -> PhoneView:
    shown = [it.message for it in line.rows if it.message.number]
    return PhoneView(
        phone=line.phone,
        last=max(shown, key=lambda it: it.number, default=None),
        unread=sum(1 for _ in _unread(line)),
    )
