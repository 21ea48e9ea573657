"""What a process counts of its own work, for Prometheus.

Labels are of few and known values: never a number, a name or an id of a client.  Exemplars, which
are no labels, carry the correlation id of one message for each bucket.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    ProcessCollector,
)

from helpdesk.domain.journey import Step, StepName

BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0)
REPEATED: Final = frozenset({"failed", "broken"})  # outcomes after which it is handled again
INWARD, OUTWARD, NOTED = "inbound", "outbound", "note"
_ENDS: Final = ((StepName.RECEIVED, StepName.SHOWN), (StepName.ACCEPTED, StepName.SENT))


class Meters:
    def __init__(self, *, process: str = "", role: str = "", version: str = "") -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._tell_who_we_are(process, role, version)
        self._steps = self._histogram(
            "helpdesk_step_seconds",
            "Time from the step before of a message's way.",
            ("direction", "step"),
        )
        self._journeys = self._histogram(
            "helpdesk_journey_seconds",
            "From WhatsApp to the dashboards (inbound), from a 201 to WhatsApp (outbound).",
            ("direction",),
        )
        self._handling = self._histogram(
            "helpdesk_handling_seconds",
            "Time to store a report or to carry out a command, or to fail.",
            ("type",),
        )
        self._handled = Counter(
            "helpdesk_deliveries",
            "What queues handed to this process, by what became of it.",
            ("queue", "outcome"),
            registry=self.registry,
        )
        self._repeated = Counter(
            "helpdesk_redeliveries",
            "Deliveries that failed and are handled again.",
            ("queue",),
            registry=self.registry,
        )
        self._lost = Counter(
            "helpdesk_journey_steps_lost",
            "Steps that could not be kept.",
            registry=self.registry,
        )

    def watch(self, steps: Sequence[Step]) -> None:
        """Note how long the steps of one envelope took."""
        direction = _direction(steps)
        for before, after in pairwise(steps):
            # How a command came to its queue was noted when it was handed over, alone.
            if after.name is not StepName.QUEUED or direction == INWARD or len(steps) == 2:
                self._observe(self._steps.labels(direction, after.name), before, after)
        for first, last in _ENDS:
            ends = {it.name: it for it in steps if it.name in (first, last)}
            if len(ends) == 2:
                self._observe(self._journeys.labels(direction), ends[first], ends[last])

    def lost(self, count: int) -> None:
        """Count steps that could not be kept."""
        self._lost.inc(count)

    def handled(self, queue: str, kind: str, outcome: str, seconds: float) -> None:
        """Note what became of a delivery: handled, refused, failed or broken."""
        self._handled.labels(queue, outcome).inc()
        self._handling.labels(kind).observe(seconds)
        if outcome in REPEATED:
            self._repeated.labels(queue).inc()

    def _observe(self, histogram: Histogram, before: Step, after: Step) -> None:
        seconds = max((after.at - before.at).total_seconds(), 0.0)  # two clocks differ
        histogram.observe(seconds, {"correlation_id": after.correlation[:64]})

    def _histogram(self, name: str, about: str, labels: Sequence[str]) -> Histogram:
        return Histogram(name, about, labels, buckets=BUCKETS, registry=self.registry)

    def _tell_who_we_are(self, process: str, role: str, version: str) -> None:
        labels = ("process", "role", "version")
        info = Gauge(
            "helpdesk_process_info", "This process: always 1.", labels, registry=self.registry
        )
        info.labels(process, role, version).set(1)


def _direction(steps: Sequence[Step]) -> str:
    names = {it.name for it in steps}
    if StepName.RECEIVED in names:
        return INWARD
    return NOTED if StepName.STORED in names else OUTWARD
