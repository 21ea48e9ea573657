"""How much waits, as operators are told."""

import asyncio

from helpdesk.adapters.amqp.broker import AmqpBroker
from helpdesk.ports.broker import INBOUND
from tests.support.reports import enveloped as envelope


async def test_what_nobody_takes_waits_in_every_partition(broker: AmqpBroker) -> None:
    async with asyncio.timeout(60):
        for n in range(12):
            await broker.publish(INBOUND, envelope(n), key=str(n))
        while (found := await broker.backlog(INBOUND))[INBOUND] < 12:
            await asyncio.sleep(0.05)
    assert found == {INBOUND: 12}
