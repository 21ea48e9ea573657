"""The embedded broker: publishing is a meeting with the handler."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from helpdesk.adapters.local.broker import LocalBroker
from helpdesk.domain.errors import ConflictError, UnavailableError
from helpdesk.ports.broker import INBOUND, Handler
from helpdesk.ports.outbox import Envelope
from tests.support.consuming import Consumer
from tests.support.reports import enveloped as envelope


@pytest.fixture
async def meeting() -> AsyncIterator[LocalBroker]:
    async with asyncio.timeout(60):
        yield LocalBroker(patience=0.05, pauses=(0.01, 0.01))


async def test_publishing_returns_when_it_was_handled(meeting: LocalBroker) -> None:
    consumer = Consumer()
    async with meeting.serve(INBOUND, consumer):
        await meeting.publish(INBOUND, envelope(), key="a")
        assert len(consumer.taken) == 1


async def test_publishing_fails_when_nobody_serves(meeting: LocalBroker) -> None:
    with pytest.raises(UnavailableError):
        await meeting.publish(INBOUND, envelope(), key="a")


async def test_publishing_fails_after_three_failed_deliveries(meeting: LocalBroker) -> None:
    failures = [UnavailableError(), ZeroDivisionError(), UnavailableError()]
    consumer = Consumer(*failures)
    with capture_logs() as logs:
        async with meeting.serve(INBOUND, consumer):
            with pytest.raises(UnavailableError):
                await meeting.publish(INBOUND, envelope(), key="a")
            await meeting.publish(INBOUND, envelope(), key="a")
    assert (consumer.deliveries, len(consumer.taken)) == (4, 1)
    assert [it["log_level"] for it in logs] == ["warning", "error", "warning"]


async def test_what_was_refused_is_safe_where_it_came_from_when_nobody_keeps_it(
    meeting: LocalBroker,
) -> None:
    with capture_logs():
        async with meeting.serve(INBOUND, Consumer(ConflictError())):
            with pytest.raises(UnavailableError):
                await meeting.publish(INBOUND, envelope(), key="a")


async def test_a_publisher_who_gives_up_leaves_the_handler_at_work(meeting: LocalBroker) -> None:
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def handle(_: Envelope) -> None:
        begun.set()
        await may_end.wait()
        ended.set()

    async with meeting.serve(INBOUND, handle):
        publishing = asyncio.create_task(meeting.publish(INBOUND, envelope(), key="a"))
        await begun.wait()
        publishing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await publishing
        may_end.set()
    assert ended.is_set()


async def test_a_second_server_takes_over_when_the_first_leaves(meeting: LocalBroker) -> None:
    first, second = Consumer(), Consumer()
    handlers: list[Handler] = [first, second]
    async with meeting.serve(INBOUND, handlers[1]):
        async with meeting.serve(INBOUND, handlers[0]):
            await meeting.publish(INBOUND, envelope(), key="a")
        await meeting.publish(INBOUND, envelope(), key="a")
    assert len(first.taken) + len(second.taken) == 2
