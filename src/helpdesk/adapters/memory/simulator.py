"""The simulated network in one process's memory."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from itertools import islice

from helpdesk.adapters.memory.network import Amended, Line, Row, State, Typing
from helpdesk.adapters.wire import correlation
from helpdesk.domain.amendment import Verb
from helpdesk.domain.bridge import Outbound, SendResult
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.identity import Identity
from helpdesk.domain.network import Network
from helpdesk.domain.phone_amendment import PhoneAmendment
from helpdesk.domain.session import SessionState
from helpdesk.domain.simulator import (
    TYPING_LASTS,
    Conversation,
    News,
    Phone,
    PhoneMessage,
    PhoneView,
    Said,
    Side,
    Tick,
    accepted,
    changed,
    on_its_way,
    refused,
)
from helpdesk.ports.simulator import NETWORK, NEWS, Topic, topic_of
from helpdesk.ports.system import Bell


class _Phones:
    def __init__(self, state: State) -> None:
        self._state = state

    async def say(self, said: Said, *, at: datetime) -> PhoneMessage:
        if known := self._state.rows.get(said.id):
            return known.message
        quoted = self._state.rows.get(said.quote or "")
        if said.quote is not None and not (quoted and quoted.message.phone == said.phone.key):
            raise InvalidError("There is no such message to quote.", field="quote")
        line = self._state.line(said.phone)
        line.phone = replace(
            line.phone,
            number=said.phone,
            name=line.phone.name if said.name is None else said.name,
        )
        message = said.message(
            number=line.place(), seq=line.step(), online=line.phone.online, at=at
        )
        row = Row(message, correlation.current())
        self._state.add(line, row)
        if line.phone.online:
            self._state.enter(line, row, at)
        self._state.bells.ring(NEWS, topic_of(said.phone.key))
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

    async def wrote_at(self, phone: Identity) -> datetime | None:
        line = self._state.lines.get(phone.key)
        wrote = (it.message for it in line.rows if it.message.direction is Side.OUT) if line else ()
        return max((it.at for it in wrote if it.delivery is not Tick.PENDING), default=None)

    async def message(self, id: str) -> PhoneMessage | None:
        row = self._state.rows.get(id)
        return row.message if row else None

    async def files_in_use(self, keys: Sequence[str]) -> set[str]:
        media = (it.message.content.media for it in self._state.rows.values())
        return {blob.sha256 for it in media if it for blob in it.blobs()} & set(keys)

    async def read(self, phone: Identity) -> None:
        line = self._state.lines.get(phone.key)
        unread = list(line.unread()) if line else []
        if line and unread:
            seq = line.step()
            for row in unread:
                row.message = row.message.mark(Tick.READ, seq=seq)
                self._state.tell_row(row)
            self._state.bells.ring(NEWS, topic_of(phone.key))

    async def amend(
        self, phone: Identity, id: str, verb: Verb, text: str, *, at: datetime
    ) -> PhoneMessage:
        row = self._state.shown(phone, id)
        line = self._state.line(phone)
        row.message = row.message.amend(verb, text, by=Side.OUT, seq=line.seq + 1)
        line.step()
        amendment = PhoneAmendment(message_id=id, verb=verb, text=text, at=at)
        self._state.tell(Amended(line, amendment, correlation.current()))
        self._state.bells.ring(NEWS, topic_of(phone.key))
        return row.message

    async def set_typing(self, phone: Identity, typing: bool, *, at: datetime) -> None:
        line = self._state.line(phone)
        self._state.pending.pop(line.typing or 0, None)
        line.typing = self._state.tell(Typing(line, typing, at))
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
            self._state.bells.ring(NEWS, topic_of(phone.key))
        return line.phone

    def _catch_up(self, line: Line, at: datetime) -> None:
        for row in line.rows:
            if row.message.direction is Side.OUT and row.message.delivery is Tick.PENDING:
                row.message = row.message.mark(Tick.SENT, seq=line.step())
                self._state.enter(line, row, at)
            elif row.message.direction is Side.IN and row.message.delivery is Tick.SENT:
                self._state.arrive(line, row)


class _Account:
    def __init__(self, state: State) -> None:
        self._state = state

    async def news(self, *, limit: int, but: Sequence[int] = (), at: datetime) -> list[News]:
        if self._state.network.state is not SessionState.CONNECTED:
            return []
        left_out = frozenset(but)
        found = (
            self._news(position, it)
            for position, it in self._state.pending.items()
            if position not in left_out
            and not (isinstance(it, Row) and it.held_until and it.held_until > at)
        )
        return list(islice(found, limit))

    def _news(self, position: int, it: Row | Typing | Amended) -> News:
        if isinstance(it, Amended):
            return News(
                position=position,
                phone=it.line.phone,
                message=None,
                at=it.amendment.at,
                amendment=it.amendment,
                correlation=it.correlation,
            )
        if isinstance(it, Row):
            return News(
                position=position,
                phone=self._state.lines[it.message.phone].phone,
                message=it.message,
                at=it.message.at,
                copies=it.copies,
                correlation=it.correlation,
            )
        return News(
            position=position, phone=it.line.phone, message=None, at=it.at, typing=it.typing
        )

    async def acknowledge(self, positions: Sequence[int]) -> None:
        steps: dict[str, int] = {}
        for position in positions:
            it = self._state.pending.pop(position, None)
            if isinstance(it, Row):
                it.position, it.held_until = None, None
                if it.message.direction is Side.OUT:
                    line = self._state.lines[it.message.phone]
                    seq = steps.get(it.message.phone) or line.step()
                    steps[it.message.phone] = seq
                    it.message = it.message.mark(Tick.DELIVERED, seq=seq)
        self._state.bells.ring(*map(topic_of, steps))

    async def deliver(self, message: Outbound, *, at: datetime) -> SendResult:
        self._state.network.must_be_up()
        if str(message.message_id) in self._state.rows:
            return accepted(message, self._state.line(message.address).phone)
        if self._state.network.fail_next:
            self._state.network = self._state.network.refuse_one()
            return refused("The simulator was told to refuse it.")
        line = self._state.line(message.address)
        if line.phone.missing:
            return refused("This number is not on WhatsApp.")
        line.typing_until = None
        row = Row(on_its_way(message, at=at), correlation.current())
        self._state.add(line, row)
        if line.phone.online:
            self._state.arrive(line, row)
            self._state.bells.ring(NEWS, topic_of(message.address.key))
        return accepted(message, line.phone)

    async def amend(
        self, phone: Identity, id: str, verb: Verb, text: str, *, at: datetime
    ) -> SendResult:
        self._state.network.must_be_up()
        if self._state.network.fail_next:
            self._state.network = self._state.network.refuse_one()
            return refused("The simulator was told to refuse it.")
        try:
            row = self._state.shown(phone, id)
            line = self._state.line(phone)
            row.message = row.message.amend(verb, text, by=Side.IN, seq=line.seq + 1)
        except InvalidError as error:
            return refused(error.detail)
        line.step()
        self._state.bells.ring(topic_of(phone.key))
        return changed(id)

    async def mark_read(self, phone: Identity, id: str) -> None:
        line, upto = self._state.lines.get(phone.key), self._state.rows.get(id)
        if line is None or upto not in line.rows:
            return
        seq = line.step()
        for row in line.rows:
            if row.message.direction is Side.OUT and row.message.number <= upto.message.number:
                row.message = row.message.mark(Tick.READ, seq=seq)
        self._state.bells.ring(topic_of(phone.key))

    async def show_typing(self, phone: Identity, *, at: datetime) -> None:
        if line := self._state.lines.get(phone.key):
            if line.typing_until is None or line.typing_until <= at:
                line.step()
            line.typing_until = at + TYPING_LASTS
            self._state.bells.ring(topic_of(phone.key))


class MemorySimulator:
    def __init__(self) -> None:
        self._state = State()
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


def _view(line: Line) -> PhoneView:
    shown = [it.message for it in line.rows if it.message.number]
    return PhoneView(
        phone=line.phone,
        last=max(shown, key=lambda it: it.number, default=None),
        unread=sum(1 for _ in line.unread()),
    )
