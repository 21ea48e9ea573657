"""What is counted, and what never becomes a label."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta

import pytest
from prometheus_client import generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as with_exemplars
from structlog.testing import capture_logs

from helpdesk.adapters.local.broker import LocalBroker
from helpdesk.adapters.wire import trail
from helpdesk.domain.bridge import TypingReported
from helpdesk.domain.dead_letter import DeadLetter
from helpdesk.domain.errors import ConflictError, UnavailableError
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import MessageId, SessionId
from helpdesk.domain.journey import Hop, Step, StepName
from helpdesk.meters import Meters
from helpdesk.observed import ObservedBroker
from helpdesk.ports.broker import INBOUND, commands_of
from helpdesk.ports.outbox import Envelope
from tests.support.builders import fresh
from tests.support.clock import NOON

INWARD = ("received", "queued", "stored", "shown")
OUTWARD = ("accepted", "queued", "sending", "sent")
SESSION = SessionId(fresh())
HERE = (Hop(StepName.ACCEPTED, NOON, "api@one:7"),)


def steps(names: Iterable[str], *, apart: float = 1.0) -> list[Step]:
    """Steps of one message, some seconds apart."""
    return [
        Step(
            message_id=MESSAGE,
            attempt=1,
            name=StepName(name),
            at=NOON + timedelta(seconds=apart * n),
            process="p",
            correlation="cause-1",
        )
        for n, name in enumerate(names)
    ]


MESSAGE = MessageId(fresh())


def value(meters: Meters, name: str, **labels: str) -> float | None:
    return meters.registry.get_sample_value(f"helpdesk_{name}", labels)


def test_each_step_of_a_clients_message_is_timed() -> None:
    meters = Meters()
    meters.watch(steps(INWARD))
    timed = {it: value(meters, "step_seconds_sum", direction="inbound", step=it) for it in INWARD}
    assert timed == {"received": None, "queued": 1, "stored": 1, "shown": 1}
    assert value(meters, "journey_seconds_sum", direction="inbound") == 3


def test_an_answers_steps_are_timed_once_though_they_are_told_twice() -> None:
    meters = Meters()
    meters.watch(steps(OUTWARD[:2]))
    meters.watch(steps(OUTWARD))
    for it in OUTWARD[1:]:
        assert value(meters, "step_seconds_count", direction="outbound", step=it) == 1
    assert value(meters, "journey_seconds_sum", direction="outbound") == 3


def test_a_note_has_no_journey_and_two_clocks_make_no_negative_time() -> None:
    meters = Meters()
    meters.watch(steps(("stored", "shown"), apart=-5))
    assert value(meters, "step_seconds_sum", direction="note", step="shown") == 0
    assert value(meters, "journey_seconds_count", direction="note") is None


def test_an_exemplar_leads_to_the_log_and_to_nobody() -> None:
    meters = Meters(process="bot@one:7", role="bot", version="1")
    meters.watch(steps(INWARD))
    told = with_exemplars(meters.registry).decode()  # type: ignore[no-untyped-call]
    assert '# {correlation_id="cause-1"}' in told
    assert str(MESSAGE) not in told
    assert 'helpdesk_process_info{process="bot@one:7",role="bot",version="1"} 1.0' in told
    assert b"process_resident_memory_bytes" in generate_latest(meters.registry)


def typing() -> Envelope:
    person = (Identity.phone("+551190000000"),)
    event = TypingReported(at=NOON, session_id=SESSION, sender=person, typing=True)
    return Envelope(id=fresh(), event=event, correlation="c", trail=HERE)


def failing(*failures: Exception) -> Callable[[Envelope], Awaitable[None]]:
    """Fail as told, one after the other, then go well."""
    left = list(failures)

    async def handle(_: Envelope) -> None:
        assert trail.current() == HERE
        if left:
            raise left.pop(0)

    return handle


@pytest.mark.parametrize("queue", [INBOUND, commands_of(SESSION)])
async def test_what_is_handled_is_counted_by_queue_and_outcome(queue: str) -> None:
    meters = Meters()
    broker = ObservedBroker(LocalBroker(pauses=(0, 0)), meters)
    name = "inbound" if queue == INBOUND else "session"
    handle = failing(UnavailableError(), ZeroDivisionError())
    with capture_logs() as logs:
        async with broker.serve(INBOUND if name == "inbound" else commands_of(SESSION), handle):
            await broker.publish(
                INBOUND if name == "inbound" else commands_of(SESSION), typing(), key="k"
            )
    counted = {
        it: value(meters, "deliveries_total", queue=name, outcome=it)
        for it in ("failed", "broken", "handled")
    }
    assert counted == {"failed": 1, "broken": 1, "handled": 1}
    assert value(meters, "redeliveries_total", queue=name) == 2
    assert value(meters, "handling_seconds_count", type="TypingReported") == 3
    assert [it["type"] for it in logs if it["event"] == "handled"] == ["TypingReported"]
    assert trail.current() == ()


async def test_what_is_refused_is_not_repeated() -> None:
    meters = Meters()
    broker = ObservedBroker(LocalBroker(), meters)
    letters: list[DeadLetter] = []

    async def keep(letter: DeadLetter) -> None:
        letters.append(letter)

    with capture_logs():
        async with broker.gather(INBOUND, keep), broker.serve(INBOUND, failing(ConflictError())):
            await broker.publish(INBOUND, typing(), key="k")
    assert len(letters) == 1
    assert value(meters, "deliveries_total", queue="inbound", outcome="refused") == 1
    assert value(meters, "redeliveries_total", queue="inbound") is None
    await broker.ping()


def test_steps_that_could_not_be_kept_are_counted() -> None:
    meters = Meters()
    meters.lost(4)
    assert value(meters, "journey_steps_lost_total") == 4
