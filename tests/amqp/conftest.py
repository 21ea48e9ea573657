"""Brokers on a RabbitMQ node that tests may harm."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from helpdesk.adapters.amqp.broker import AmqpBroker, opened
from helpdesk.adapters.amqp.options import AmqpOptions
from tests.support.rabbitmq import Node, options, own_node, sweep


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/amqp/" in item.path.as_posix():
            item.add_marker(pytest.mark.rabbitmq)


@pytest.fixture
async def node() -> Node:
    """The node; it is started outside the loop, which others need meanwhile."""
    return await asyncio.to_thread(own_node)


@pytest.fixture
async def its(node: Node) -> AsyncIterator[AmqpOptions]:
    """Options with names that nobody else has; what they name is deleted in the end."""
    it = options(node.url)
    yield it
    await sweep(it)


@pytest.fixture
async def broker(its: AmqpOptions) -> AsyncIterator[AmqpBroker]:
    async with opened(its) as it:
        yield it
