"""After the fault: wait until all is quiet, and compare what is there with what was promised."""

from collections import Counter
from dataclasses import dataclass

from tests.faults.load import Load, Witness
from tests.support.desk import Desk, Json, Phone, eventually

SETTLED = {"delivered", "read", "failed", "unknown"}
LONG = 60.0  # seconds to work off what has piled up


@dataclass(slots=True)
class Kept:
    """All that is stored, read when nothing moves any more."""

    attendances: list[Json]  # by the time they were opened
    messages: dict[str, list[Json]]  # by attendance

    @classmethod
    async def of(cls, desk: Desk) -> "Kept":
        attendances = await desk.attendances()
        attendances.sort(key=lambda it: str(it["opened_at"]))
        return cls(attendances, {it["id"]: await desk.messages(it["id"]) for it in attendances})

    def all(self) -> list[Json]:
        return [it for messages in self.messages.values() for it in messages]

    def texts_of(self, phone: Phone, direction: str) -> list[str]:
        return [
            it["text"]
            for attendance in self.attendances
            if attendance["client"]["phone"] == phone.number
            for it in self.messages[attendance["id"]]
            if (it["direction"], it["kind"]) == (direction, "text")
        ]

    def is_settled(self, load: Load) -> bool:
        """Whether every promise is stored and every reply has met its fate."""
        fates = [it["delivery"] for it in self.all() if it["delivery"] is not None]
        return set(fates) <= SETTLED and all(
            set(ledger.promised) <= set(self.texts_of(phone, direction))
            for ledgers, direction in ((load.written, "inbound"), (load.replied, "reply"))
            for phone, ledger in ((it, ledgers[it.number]) for it in load.phones)
        )


async def judge(load: Load, witness: Witness) -> Kept:
    """Hold the server to everything it promised, to senders and to dashboards."""
    kept = await eventually(
        lambda: Kept.of(load.desk), lambda it: it.is_settled(load), patience=LONG
    )
    judge_attendances(kept)
    for phone in load.phones:
        load.written[phone.number].judge(kept.texts_of(phone, "inbound"))
        load.replied[phone.number].judge(kept.texts_of(phone, "reply"))
        await judge_phone(phone, load, kept)
    await judge_witness(witness, kept)
    return kept


def judge_attendances(kept: Kept) -> None:
    """At most one open attendance each, and positions without gaps."""
    opened = Counter(it["client"]["id"] for it in kept.attendances if it["status"] != "closed")
    assert set(opened.values()) <= {1}
    for messages in kept.messages.values():
        assert [it["position"] for it in messages] == list(range(1, len(messages) + 1))


async def judge_phone(phone: Phone, load: Load, kept: Kept) -> None:
    """Every reply is on the phone once, those of one attendance in order, or is shown as not."""
    shown = [it for it in await phone.received() if it.startswith("answer ")]
    missing = {it["text"] for it in kept.all() if it["delivery"] in ("failed", "unknown")}
    ledger = load.replied[phone.number]
    assert len(set(shown)) == len(shown)
    assert set(ledger.promised) - missing <= set(shown)
    for messages in kept.messages.values():
        texts = [it["text"] for it in messages if it["text"] in shown]
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
