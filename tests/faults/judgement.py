"""After the fault: wait until all is quiet, and compare what is there with what was promised."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from tests.faults.ledger import Ledger
from tests.faults.load import Load, Witness
from tests.support.desk import Desk, Json, Phone, eventually

Result = TypeVar("Result")

AT_ONCE = 16  # requests
SETTLED = {"delivered", "read", "failed", "unknown"}
LONG = 60.0  # seconds to work off what has piled up


@dataclass(slots=True)
class Kept:
    """All that is stored, read when nothing moves any more."""

    attendances: list[Json]  # by the time they were opened
    messages: dict[str, list[Json]]  # by attendance
    of_phone: dict[str, list[Json]]  # by number, in their order

    @classmethod
    async def of(cls, desk: Desk, phones: Iterable[Phone]) -> "Kept":
        numbers = {it.number for it in phones}
        shown = await desk.attendances()
        attendances = [it for it in shown if it["client"]["phone"] in numbers]
        attendances.sort(key=lambda it: str(it["opened_at"]))
        ids = [it["id"] for it in attendances]
        messages = dict(zip(ids, await few_at_once(map(desk.messages, ids)), strict=True))
        of_phone: dict[str, list[Json]] = {}
        for it in attendances:
            of_phone.setdefault(it["client"]["phone"], []).extend(messages[it["id"]])
        return cls(attendances, messages, of_phone)

    def all(self) -> list[Json]:
        return [it for messages in self.messages.values() for it in messages]

    def texts_of(self, phone: Phone, direction: str) -> list[str]:
        return [
            it["text"]
            for it in self.of_phone.get(phone.number, [])
            if (it["direction"], it["kind"]) == (direction, "text")
        ]

    def is_settled(self, load: Load) -> bool:
        """Whether every promise is stored and every reply has met its fate."""
        fates = [it["delivery"] for it in self.all() if it["delivery"] is not None]
        return set(fates) <= SETTLED and all(
            set(ledger.promised) <= set(self.texts_of(phone, direction))
            for ledgers, direction in ((load.written, "inbound"), (load.replied, "reply"))
            for phone in load.phones
            if (ledger := ledgers.get(phone.number))
        )


async def judge(load: Load, witness: Witness) -> Kept:
    """Hold the server to everything it promised, to senders and to dashboards."""
    # A look asks for everything, and requests go first: between two, deliveries go on.
    kept = await eventually(
        lambda: Kept.of(load.desk, load.phones),
        lambda it: it.is_settled(load),
        patience=LONG + len(load.phones) / 4,
        pause=len(load.phones) / 200,
    )
    judge_attendances(kept)
    for phone in load.phones:
        for ledgers, direction in ((load.written, "inbound"), (load.replied, "reply")):
            ledgers.get(phone.number, Ledger()).judge(kept.texts_of(phone, direction))
    await few_at_once(judge_phone(it, load, kept) for it in load.phones)
    await judge_witness(witness, kept)
    return kept


async def few_at_once(jobs: Iterable[Awaitable[Result]]) -> list[Result]:
    """Await them all, not too many together; results in their order."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(job: Awaitable[Result]) -> Result:
        async with room:
            return await job

    return await asyncio.gather(*(one(it) for it in jobs))


def judge_attendances(kept: Kept) -> None:
    """At most one open attendance each, and positions without gaps."""
    opened = Counter(it["client"]["id"] for it in kept.attendances if it["status"] != "closed")
    assert set(opened.values()) <= {1}
    for messages in kept.messages.values():
        assert [it["position"] for it in messages] == list(range(1, len(messages) + 1))


async def judge_phone(phone: Phone, load: Load, kept: Kept) -> None:
    """Every reply is on the phone once, those of one attendance in order, or is shown as not."""
    shown = [it for it in await phone.received() if it.startswith("answer ")]
    its = kept.of_phone.get(phone.number, [])
    missing = {it["text"] for it in its if it["delivery"] in ("failed", "unknown")}
    ledger = load.replied.get(phone.number, Ledger())
    assert len(set(shown)) == len(shown)
    assert set(ledger.promised) - missing <= set(shown)
    for attendance in {it["attendance_id"] for it in its}:
        told = (it["text"] for it in kept.messages[attendance])
        texts = [it for it in told if it in shown]
        assert [it for it in shown if it in texts] == texts


async def judge_witness(witness: Witness, kept: Kept) -> None:
    """It was told of every message once, of the last state of each, and no cursor twice."""
    ids = {it["id"] for it in kept.all()}

    async def missed() -> set[str]:
        return ids - set(witness.told())

    await eventually(missed, lambda it: not it)
    assert len(witness.told()) == len(set(witness.told()))
    cursors = [int(it["cursor"]) for it in witness.events]
    assert cursors == sorted(set(cursors))
    fates = {it["id"]: it["delivery"] for it in kept.all() if it["delivery"]}

    async def stale() -> set[str]:
        told = witness.delivery()
        return {id for id, fate in fates.items() if told.get(id) != fate}

    await eventually(stale, lambda it: not it)
