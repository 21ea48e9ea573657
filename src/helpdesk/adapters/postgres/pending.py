"""What a unit of work saved and has not written yet.

Of each row only the newest state is kept, so that saving twice writes once.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar
from uuid import UUID

from helpdesk.adapters.postgres import file_statements, statements
from helpdesk.adapters.postgres.journal import Told, history, merges, outbox, revisions
from helpdesk.adapters.postgres.statements import IdentityKey
from helpdesk.adapters.postgres.writing import Statement, are_together
from helpdesk.adapters.wire import correlation, trail
from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.change import Change, Event
from helpdesk.domain.client import Client
from helpdesk.domain.feedback import Feedback
from helpdesk.domain.ids import AttendanceId, ClientId
from helpdesk.domain.journey import told
from helpdesk.domain.message import Message
from helpdesk.domain.sector import Sector
from helpdesk.domain.session import Session
from helpdesk.ports.store import Entity

Kind = TypeVar("Kind", bound=Entity)

# What refers is written after what it refers to.
_ORDER: Final = (Client, Sector, Attendant, Session, Attendance, Message, Feedback)
_VERSIONED: Final[dict[type[Any], Callable[[Any, int | None], Statement]]] = {
    Attendance: statements.attendance,
    Message: statements.message,
}
_WRITERS: Final[dict[type[Any], Callable[[Any], Statement]]] = {
    Client: statements.client,
    Sector: statements.sector,
    Attendant: statements.attendant,
    Session: statements.session,
    Feedback: statements.feedback,
}


class Pending:
    def __init__(self, process: str) -> None:
        self._process = process
        self._states: dict[type[Any], dict[UUID, Any]] = {}
        self._known: dict[ClientId, frozenset[IdentityKey]] = {}
        self.versions: dict[type[Any], dict[UUID, int]] = {}  # of what was read and not held
        self.claims: list[str] = []
        self.told: list[Told] = []
        self._noted = 0  # how many of them the history has
        self.attendances: dict[AttendanceId, Attendance] = {}  # whether written already or not

    def __bool__(self) -> bool:
        return bool(self._states)

    def save(self, change: Change[Entity]) -> None:
        self._add(change.state)
        self.tell(*change.events)

    def tell(self, *events: Event) -> None:
        cause, before, process = correlation.current(), trail.current(), self._process
        self.told += [Told(it, cause, told(it, process=process, before=before)) for it in events]

    def _add(self, state: Entity) -> None:
        id = state.attendance_id if isinstance(state, Feedback) else state.id
        self._states.setdefault(type(state), {})[id] = state
        if isinstance(state, Attendance):
            self.attendances[state.id] = state

    def all_of(self, kind: type[Kind]) -> Iterable[Kind]:
        return self._states.get(kind, {}).values()

    def learn(self, client: Client) -> None:
        """Note by which addresses the database knows a client."""
        self._known[client.id] = keys_of(client)

    def learn_new(self, client: Client) -> None:
        """Note that the database does not have this client."""
        self._known[client.id] = frozenset()

    def strangers(self) -> list[Client]:
        """Clients to be written of whom it is not known what the database has."""
        return [it for it in self.all_of(Client) if it.id not in self._known]

    def take(self, *, last: bool) -> list[list[Statement]]:
        """Hand out what is to be written: groups of statements, in order.

        The outbox is written when it is the `last` time: nobody reads it before.
        """
        groups = [*self._unheld()]
        groups += [it for kind in _ORDER if kind in self._states for it in self._groups(kind)]
        self._states = {}
        news = self.told[self._noted :]
        groups += [history(news), merges(news), revisions(news)]
        self._noted = len(self.told)
        if last:
            groups.append(outbox(self.told))
        groups = [it for it in groups if it]
        if all(are_together(it) for it in groups):
            groups = [[one for it in groups for one in it]] if groups else []
        return groups

    def _unheld(self) -> Iterator[list[Statement]]:
        """What must hold of that which is read and not written."""
        if self.claims:
            yield [statements.claimed(self.claims)]
        if self._states or self.claims:
            for kind, versions in self.versions.items():
                only_read = versions.keys() - self._states.get(kind, {}).keys()
                yield [statements.unchanged(kind, id, versions[id]) for id in only_read]

    def _groups(self, kind: type[Any]) -> Iterator[list[Statement]]:
        states = sorted(self._states.get(kind, {}).values(), key=_turn)
        if kind in _VERSIONED:
            versions = self.versions.get(kind, {})
            yield [_VERSIONED[kind](it, versions.get(it.id)) for it in states]
        else:
            yield [_WRITERS[kind](it) for it in states]
        if kind is Client:
            yield from self._identities(states)
        if kind is Message:
            yield from _uses(states)
        if kind is Attendant:
            yield [statements.sectors_left(it.id, list(it.sectors)) for it in states]
            yield [statements.sectors_joined(it.id, list(it.sectors)) for it in states]

    def _identities(self, clients: list[Client]) -> Iterator[list[Statement]]:
        lost, gained = [], []
        for it in clients:
            before, now = self._known[it.id], keys_of(it)
            if before - now:
                lost.append(statements.identities_lost(it.id, before - now))
            if now - before:
                gained.append(statements.identities_gained(it.id, now - before))
            self.learn(it)
        yield lost
        yield gained


def _uses(messages: list[Message]) -> Iterator[list[Statement]]:
    """What the media store must keep, of those messages that have files."""
    files = [(it.id, it.content.media) for it in messages if it.content.media]
    keys = [(id, sorted({blob.sha256 for blob in media.blobs()})) for id, media in files]
    yield [file_statements.files_left(id, it) for id, it in keys]
    yield [file_statements.files_needed(id, it) for id, it in keys if it]


def _turn(state: Entity) -> bool:
    """What gives up something unique comes before what takes it."""
    if isinstance(state, Attendance):
        return state.is_open
    return isinstance(state, Sector) and state.is_default


def keys_of(client: Client) -> frozenset[IdentityKey]:
    return frozenset((it.scheme, it.key) for it in client.identities)
