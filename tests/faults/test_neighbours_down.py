"""Roles apart, a neighbour away: what can be stored is taken, and waits where it is seen."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from tests.faults.storm import SETTINGS
from tests.support.desk import eventually, visiting
from tests.support.rabbitmq import KEPT_FROM
from tests.support.refused import RefusedError
from tests.support.split import Split, split


@pytest.mark.slow
async def test_only_what_cannot_be_stored_is_refused_and_all_else_leaves_once(
    tmp_path: Path,
) -> None:
    async with (
        split(tmp_path, api=1, consumer=1, bot=1, **SETTINGS) as its,
        visiting(its.of("api")[0]) as visitor,
    ):
        desk, phone = await visitor.desk(), visitor.phone("+5511300000001")
        await phone.writes("Olá")
        attendance = (await desk.attendance_of(phone.number))["id"]

        await asyncio.sleep(KEPT_FROM)  # the queues are on the broker's disk now
        await asyncio.to_thread(its.node.kill)
        taken = [await desk.reply(attendance, f"without a broker {n}") for n in range(5)]
        assert {it["delivery"] for it in taken} == {"queued"}
        await eventually(lambda: _is_unwell(its))

        await asyncio.to_thread(its.cluster.stop)
        with pytest.raises(RefusedError) as refused:
            await desk.reply(attendance, "without a database")
        assert refused.value.status == 503
        assert int(refused.value.retry_after or 0) > 0

        await asyncio.to_thread(its.cluster.start)
        await asyncio.to_thread(its.node.start)
        for it in taken:
            look = partial(desk.message, it)
            await eventually(look, lambda it: it["delivery"] == "delivered", patience=120)
        assert await phone.received() == [it["text"] for it in taken]


async def _is_unwell(its: Split) -> bool:
    """Whether those who need the broker say that they are not ready."""
    needing = [it for it in its.servers.values() if it.role != "api"]
    return not any([await asyncio.to_thread(it.is_ready) for it in needing])
