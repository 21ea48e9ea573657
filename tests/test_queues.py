"""What gauges tell of the queues."""

import asyncio
from collections.abc import Awaitable, Callable

from prometheus_client import CollectorRegistry

from helpdesk.domain.bridge import TypingReported
from helpdesk.health import Health
from helpdesk.ports.broker import INBOUND
from helpdesk.ports.outbox import Envelope
from tests.support.builders import PHONE, fresh
from tests.support.clock import NOON
from tests.support.team import a_firm
from tests.support.waiting import soon


async def test_a_queue_that_nobody_works_off_grows_old() -> None:
    async with a_firm() as firm:
        registry, broker = CollectorRegistry(), firm.cases.broker()
        health = Health(firm.cases, {"broker"}, registry)

        async def told(gauge: str) -> float | None:
            await health.measure()
            return registry.get_sample_value(f"helpdesk_queue_{gauge}", {"queue": INBOUND})

        may_end = asyncio.Event()

        async def take(_: Envelope) -> None:
            await may_end.wait()

        assert (await told("entries"), await told("age_seconds")) == (0, 0)
        event = TypingReported(
            at=NOON, session_id=firm.office.session.id, sender=(PHONE,), typing=True
        )
        envelope = Envelope(id=fresh(), event=event, correlation="c")
        async with broker.serve(INBOUND, take):
            publishing = asyncio.create_task(broker.publish(INBOUND, envelope, key="k"))
            await soon(_until(lambda: told("entries")))
            ages = [await told("age_seconds") or 0, await told("age_seconds") or 0]
            assert 0 < ages[0] < ages[1]
            may_end.set()
            await publishing
        assert (await told("entries"), await told("age_seconds")) == (0, 0)


async def _until(look: Callable[[], Awaitable[object]]) -> None:
    while not await look():
        await asyncio.sleep(0)
