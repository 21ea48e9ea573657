"""How this process and its neighbours are: for probes, and for gauges that cost a question."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from time import monotonic
from typing import Final

from prometheus_client import CollectorRegistry, Gauge

from helpdesk.container import UseCases
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.ids import SessionId
from helpdesk.domain.session import Session, SessionState
from helpdesk.listening import watch_live
from helpdesk.ports.bridge import Bridge
from helpdesk.ports.broker import INBOUND, commands_of

PING_LIMIT: Final = 3.0  # seconds a neighbour may take to answer
_DIGITS: Final = re.compile(r"\d{5,}")  # in a session's name: perhaps its number


class Health:
    """`ports` are those that this process opened."""

    def __init__(
        self, cases: UseCases, ports: Collection[str], registry: CollectorRegistry
    ) -> None:
        self._cases, self._ports, self._registry = cases, ports, registry
        about = ("destination",)
        self._entries = self._gauge("helpdesk_outbox_entries", "Entries not passed on yet.", about)
        self._age = self._gauge("helpdesk_outbox_age_seconds", "Age of the oldest one.", about)
        queue = ("queue",)
        self._waiting = self._gauge("helpdesk_queue_entries", "What waits in a queue.", queue)
        self._oldest = self._gauge(
            "helpdesk_queue_age_seconds",
            "How long ago a queue was last seen empty: nothing in it has waited longer.",
            queue,
        )
        self._dead = self._gauge("helpdesk_dead_letters", "What was put aside for good.", queue)
        self._sessions = self._gauge(
            "helpdesk_session_state",
            "1 for the state in which a number of ours is, 0 for the others.",
            ("session", "name", "state"),
        )
        self._since = self._gauge(
            "helpdesk_session_since_seconds",
            "When it came into its state, in seconds of the epoch.",
            ("session", "name"),
        )
        self._held = self._gauge(
            "helpdesk_lease_since_seconds",
            "When a process began to hold a session, or to relay, in seconds of the epoch.",
            ("lease", "process"),
        )
        self._behind = self._gauge("helpdesk_live_events_behind", "Not in Firestore yet.", ())
        self._figures = self._gauge(
            "helpdesk_bridge_figure",
            "What a bridge measures of itself: processes and memory_bytes, for example.",
            ("session", "figure"),
        )
        self._more: dict[str, Callable[[], Awaitable[None]]] = {}
        self._bridges: dict[SessionId, Bridge] = {}
        self._filled: dict[str, float] = {}  # since when each queue has not been seen empty

    def ask(self, name: str, ping: Callable[[], Awaitable[None]]) -> None:
        """Count another neighbour among those who are asked whether they are fine."""
        self._more[name] = ping

    def watch(self, session: SessionId, bridge: Bridge) -> None:
        """Measure a bridge that this process runs; a later one of the same session replaces it."""
        self._bridges[session] = bridge

    async def ready(self) -> Mapping[str, str | None]:
        """Ask each neighbour; None when it is fine."""
        asked = [it for it in ("store", "feed", "broker") if it in self._ports]
        questions = {it: self._ask(it) for it in asked} | {k: it() for k, it in self._more.items()}
        answers = await asyncio.gather(*map(_answer, questions.values()))
        return dict(zip(questions, answers, strict=True))

    async def measure(self) -> None:
        """Bring the gauges up to date; who does not answer leaves them as they were."""
        questions = (
            self._outbox(),
            self._state_of_sessions(),
            self._queues(),
            self._leases(),
            self._put_aside(),
            self._lag(),
        )
        await asyncio.gather(*map(_in_time, (*questions, self._measured_bridges())))

    async def _ask(self, port: str) -> None:
        if port == "store":
            await self._cases.store().ping()
        elif port == "feed":
            await self._cases.feed().head()
        else:
            await self._cases.broker().ping()

    async def _outbox(self) -> None:
        if "outbox" not in self._ports:
            return
        for destination, (count, seconds) in (await self._cases.outbox().depth()).items():
            self._entries.labels(destination).set(count)
            self._age.labels(destination).set(seconds)

    async def _lag(self) -> None:
        if "live" not in self._more:
            return
        self._behind.set(await watch_live(self._cases).events())

    async def _leases(self) -> None:
        held = await self._cases.leases().held()
        self._held.clear()
        for it in held:
            process = it.owner.partition("/")[0]
            self._held.labels(it.name, process).set(it.since.timestamp())

    async def _queues(self) -> None:
        if "broker" not in self._ports:
            return
        sessions = [commands_of(it.id) for it in await self._known_sessions()]
        now = monotonic()
        for queue, it in (await self._cases.broker().backlog(INBOUND, *sessions)).items():
            self._waiting.labels(queue).set(it)
            since = self._filled.setdefault(queue, now) if it else now
            self._oldest.labels(queue).set(now - since)
            if not it:
                self._filled.pop(queue, None)

    async def _put_aside(self) -> None:
        if "dead_letters" not in self._ports:
            return
        counts = await self._cases.dead_letters().waiting()
        self._dead.clear()
        for queue, count in {INBOUND: 0, **counts}.items():
            self._dead.labels(queue).set(count)

    async def _known_sessions(self) -> list[Session]:
        async with self._cases.store().transaction() as work:
            return await work.sessions.all()

    async def _measured_bridges(self) -> None:
        for session, bridge in self._bridges.items():
            for figure, value in (await bridge.health()).figures.items():
                self._figures.labels(str(session), figure).set(value)

    async def _state_of_sessions(self) -> None:
        sessions = await self._known_sessions()
        self._sessions.clear()
        self._since.clear()
        for it in sessions:
            labels = str(it.id), _DIGITS.sub("…", it.name)
            self._since.labels(*labels).set(it.since.timestamp())
            for state in SessionState:
                self._sessions.labels(*labels, state).set(state is it.state)

    def _gauge(self, name: str, about: str, labels: tuple[str, ...]) -> Gauge:
        return Gauge(name, about, labels, registry=self._registry)


async def _in_time(question: Awaitable[None]) -> None:
    with suppress(UnavailableError, TimeoutError):
        async with asyncio.timeout(PING_LIMIT):
            await question


async def _answer(question: Awaitable[None]) -> str | None:
    try:
        async with asyncio.timeout(PING_LIMIT):
            await question
    except TimeoutError:
        return f"no answer within {PING_LIMIT:.0f} s"
    except UnavailableError as error:
        return error.detail
    return None
