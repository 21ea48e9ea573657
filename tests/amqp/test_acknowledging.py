"""What is acknowledged together is only what is done."""

import asyncio
from dataclasses import replace
from uuid import uuid4

from helpdesk.adapters.amqp.broker import opened
from helpdesk.adapters.amqp.options import AmqpOptions
from helpdesk.ports.broker import INBOUND
from helpdesk.ports.outbox import Envelope
from tests.support.reports import typing
from tests.support.waiting import soon

MANY = 20


async def test_what_is_not_done_is_delivered_again_and_nothing_else(its: AmqpOptions) -> None:
    """Its neighbours of before and after, of one channel, were acknowledged without it."""
    its = replace(its, partitions=1, drain=0.2)
    stuck, done, again, came = MANY // 2, list[int](), list[int](), asyncio.Event()

    async def all_but_one(it: Envelope) -> None:
        number = int(it.correlation)
        if number == stuck:
            await asyncio.Event().wait()
        done.append(number)
        if len(done) == MANY - 1:
            came.set()

    async with opened(its) as broker, broker.serve(INBOUND, all_but_one):
        for number in range(MANY):
            about = Envelope(id=uuid4(), event=typing(number), correlation=str(number))
            await broker.publish(INBOUND, about, key=str(number))
        await soon(came.wait())
    last = asyncio.Event()

    async def rest(it: Envelope) -> None:
        again.append(int(it.correlation))
        if again[-1] == MANY:
            last.set()

    async with opened(its) as broker, broker.serve(INBOUND, rest):
        about = Envelope(id=uuid4(), event=typing(MANY), correlation=str(MANY))
        await broker.publish(INBOUND, about, key=str(MANY))
        await soon(last.wait())
    assert sorted(again) == [stuck, MANY]
