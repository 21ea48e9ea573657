"""The storm: a split installation under load, in which everything is killed, frozen or restarted.

What happens is drawn from a seed: which processes, in which order, after which pauses.  When the
load and the storm are over, everything is held to its promises.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
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
from tests.support.server import Server
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
    pause: tuple[float, float] = (2.0, 5.0)  # seconds between two faults
    patience: float = 1800.0  # seconds for all of it

    @property
    def faults(self) -> list[str]:
        """What is done, in its order: `kill` is of a process."""
        chance = random.Random(self.seed)
        faults = ["kill"] * self.kills
        for fault, times in (
            ("restart_broker", self.broker_restarts),
            ("kill_broker", self.broker_kills),
            ("restart_database", self.database_restarts),
            ("kill_database", self.database_kills),
        ):
            faults += [fault] * times
        chance.shuffle(faults)
        return faults


@dataclass(slots=True)
class Storm:
    """An installation and those who use it, through a balancer."""

    its: Split
    visitor: Visitor
    crowd: Crowd
    witness: Witness
    chance: random.Random
    done: Counter[str] = field(default_factory=Counter)

    async def rage(self, plan: Plan) -> None:
        """Do everything that is planned, one after another."""
        await asyncio.sleep(KEPT_FROM)  # the queues are on the broker's disk now
        for fault in plan.faults:
            await asyncio.sleep(self.chance.uniform(*plan.pause))
            await asyncio.to_thread(self._do, fault)

    def _do(self, fault: str) -> None:
        if fault == "kill":
            fault = self.chance.choice(list(self.its.servers))
            self.its.replace(fault)
        else:
            getattr(self.its, fault)()
        self.done[fault] += 1
        log.info("fault", what=fault)

    async def calm(self) -> None:
        """Wait until every process is well."""
        for server in self.its.servers.values():
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
        roles = {"api": plan.api, "consumer": plan.consumer, "bot": plan.bot}
        settings = {**SETTINGS, **environment}
        its = await stack.enter_async_context(split(place, **roles, **settings))  # type: ignore[arg-type]
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

    def figures(self, crowd: Crowd) -> dict[str, object]:
        """What was done and found, for people to read."""
        fates = Counter(it["delivery"] for it in self.kept.all() if it["delivery"])
        ledgers = crowd.written.values(), crowd.replied.values()
        promised, answered = (sum(len(it.promised) for it in these) for these in ledgers)
        return {
            "kills": sum(n for what, n in self.faults.items() if "-" in what),
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
            group.create_task(storm.crowd.write_all())
            group.create_task(storm.rage(plan))
        over = monotonic()
        await storm.calm()
        kept = await judge(storm.crowd, storm.witness)
    return Outcome(
        kept=kept,
        faults=storm.done,
        seconds={"storm": over - began, "judged": monotonic() - over},
    )
