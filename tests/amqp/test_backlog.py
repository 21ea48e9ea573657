"""How much waits and how much is dead, as operators are told."""

import asyncio

from structlog.testing import capture_logs

from helpdesk.adapters.amqp.broker import AmqpBroker
from helpdesk.domain.errors import ConflictError
from helpdesk.ports.broker import INBOUND, Backlog, commands_of
from helpdesk.ports.outbox import Envelope
from tests.support.reports import SESSION
from tests.support.reports import enveloped as envelope


async def test_what_nobody_takes_waits_in_every_partition(broker: AmqpBroker) -> None:
    async with asyncio.timeout(20):
        for n in range(12):
            await broker.publish(INBOUND, envelope(n), key=str(n))
        while (found := await broker.backlog(INBOUND))[INBOUND].waiting < 12:
            await asyncio.sleep(0.05)
    assert found == {INBOUND: Backlog(waiting=12, dead=0)}


async def test_what_was_refused_is_dead_until_somebody_cares(broker: AmqpBroker) -> None:
    async def refuse(_: Envelope) -> None:
        raise ConflictError

    mine = commands_of(SESSION)
    async with asyncio.timeout(20):
        with capture_logs():
            async with broker.serve(INBOUND, refuse):
                await broker.publish(INBOUND, envelope(), key="a")
                while not (found := await broker.backlog(INBOUND, mine))[INBOUND].dead:
                    await asyncio.sleep(0.05)
    assert (found[INBOUND].dead, found[mine]) == (1, Backlog(waiting=0, dead=0))
