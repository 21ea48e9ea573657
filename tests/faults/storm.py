"""The storm: a split installation under load, in which everything is killed, frozen or restarted.

What happens is drawn from a seed: which processes, in which order, after which pauses.  It goes on
for as long as people write.  When it is over, everything is held to its promises.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path
from time import monotonic
from typing import Final

import structlog

from tests.faults.crowd import Crowd
from tests.faults.judgement import Kept, judge
from tests.faults.load import Witness
from tests.support.balancer import balancing
from tests.support.desk import Visitor, visiting
from tests.support.rabbitmq import KEPT_FROM
from tests.support.server import Server, ServerError
from tests.support.split import Split, split

SETTINGS: Final = {
    "HELPDESK__TELEMETRY__LEVEL": "warning",  # a load with faults logs much
    "HELPDESK__POSTGRES__TIMEOUT_SECONDS": "5",
    "HELPDESK__POSTGRES__POOL_SIZE": "6",
}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is there, what is done with it, and how often what is broken."""

    seed: int
    api: int = 3
    consumer: int = 3
    bot: int = 2
    people: int = 2000
    messages: int = 10  # of each
    kills: int = 30  # of processes of any role
    broker_restarts: int = 2
    broker_kills: int = 1
    database_restarts: int = 1
    database_kills: int = 1
    broker_freezes: int = 1
    frozen: int = 30  # seconds
    pause: tuple[float, float] = (2.0, 5.0)  # seconds between two faults
    patience: float = 1800.0  # seconds for all of it

    @property
    def roles(self) -> dict[str, int]:
        return {"api": self.api, "consumer": self.consumer, "bot": self.bot}

    def blows(self) -> Iterator["Blow"]:
        """Draw what is done, in its order; when all was done, processes are killed for ever."""
        # Nothing else draws from it, so that one seed always means the same storm.
        chance = random.Random(f"storm {self.seed}")
        processes = [
            f"{role}-{n}" for role, count in self.roles.items() for n in range(1, count + 1)
        ]
        faults = [""] * self.kills
        for fault, times in (
            ("restart_broker", self.broker_restarts),
            ("kill_broker", self.broker_kills),
            ("freeze_broker", self.broker_freezes),
            ("restart_database", self.database_restarts),
            ("kill_database", self.database_kills),
        ):
            faults += [fault] * times
        chance.shuffle(faults)
        for n, fault in enumerate(chain(faults, repeat(""))):
            pause = chance.uniform(*self.pause)
            yield Blow(pause, fault or chance.choice(processes), planned=n < len(faults))


@dataclass(frozen=True, slots=True)
class Blow:
    pause: float  # seconds, before
    what: str  # a method of `Split`, or the process to kill
    planned: bool


@dataclass(slots=True)
class Storm:
    """An installation and those who use it, through a balancer."""

    its: Split
    visitor: Visitor
    crowd: Crowd
    witness: Witness
    chance: random.Random
    done: Counter[str] = field(default_factory=Counter)

    async def rage(self, plan: Plan, *, writing: "asyncio.Task[None]") -> None:
        """Do everything that is planned, in turn, and go on for as long as people write."""
        await asyncio.sleep(KEPT_FROM)  # the queues are on the broker's disk now
        for blow in plan.blows():
            if writing.done() and not blow.planned:
                break
            await asyncio.sleep(blow.pause)
            await asyncio.to_thread(self._do, blow.what, plan)

    def _do(self, what: str, plan: Plan) -> None:
        if what in self.its.servers:
            self.its.replace(what)
        elif what == "freeze_broker":
            self.its.freeze_broker(plan.frozen)
        else:
            getattr(self.its, what)()
        self.its.revive()
        self.done[what] += 1
        log.info("fault", what=what)

    async def calm(self) -> None:
        """Wait until every process is well."""
        for server in self.its.servers.values():
            try:
                await asyncio.to_thread(server.wait_until_ready)
            except ServerError:  # it ended at a moment without a database
                self.its.revive()
                await asyncio.to_thread(server.wait_until_ready)


@asynccontextmanager
async def entering(its: Split, place: Path, chance: random.Random) -> AsyncIterator[Visitor]:
    """Visit an installation by whichever of its APIs takes the connection."""
    async with (
        balancing([it.port for it in its.of("api")], chance) as port,
        visiting(Server(place / "door", port=port)) as visitor,
    ):
        yield visitor


@asynccontextmanager
async def brewing(place: Path, plan: Plan, **environment: str) -> AsyncIterator[Storm]:
    """Start everything; whoever connects goes to any API that takes them."""
    chance = random.Random(plan.seed)
    async with AsyncExitStack() as stack:
        settings = {**SETTINGS, **environment}
        its = await stack.enter_async_context(split(place, **plan.roles, **settings))  # type: ignore[arg-type]
        visitor = await stack.enter_async_context(entering(its, place, chance))
        desk = await visitor.desk()
        phones = [visitor.phone(f"+55113{n:07}") for n in range(plan.people)]
        witness = Witness(desk)
        crowd = Crowd(desk, phones, chance, witness=witness, messages=plan.messages)
        yield Storm(its, visitor, crowd, witness, chance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    kept: Kept
    faults: Counter[str]
    seconds: dict[str, float]

    @property
    def kills(self) -> int:
        return sum(n for what, n in self.faults.items() if "-" in what)

    def figures(self, crowd: Crowd) -> dict[str, object]:
        """What was done and found, for people to read."""
        fates = Counter(it["delivery"] for it in self.kept.all() if it["delivery"])
        ledgers = crowd.written.values(), crowd.replied.values()
        promised, answered = (sum(len(it.promised) for it in these) for these in ledgers)
        return {
            "kills": self.kills,
            "other faults": {k: n for k, n in self.faults.items() if "-" not in k},
            "messages acknowledged": promised,
            "replies accepted": answered,
            "replies by fate": dict(fates),
            "attendances": len(self.kept.attendances),
            "closed by hand": crowd.closed,
            "asked to come back": len(crowd.refusals),
            "seconds": {k: round(n, 1) for k, n in self.seconds.items()},
        }


async def weather(storm: Storm, plan: Plan) -> Outcome:
    """Let the storm rage over a working crowd, and judge when it is over."""
    began = monotonic()
    async with asyncio.timeout(plan.patience), storm.witness.watching():
        async with storm.crowd.answering(), asyncio.TaskGroup() as group:
            writing = group.create_task(storm.crowd.write_all())
            group.create_task(storm.rage(plan, writing=writing))
        over = monotonic()
        await storm.calm()
        kept = await judge(storm.crowd, storm.witness)
    return Outcome(
        kept=kept,
        faults=storm.done,
        seconds={"storm": over - began, "judged": monotonic() - over},
    )
