"""Opens the broker that processes share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from helpdesk.adapters.amqp.broker import opened
from helpdesk.adapters.amqp.connection import FAILURES, silence_driver, single_use
from helpdesk.adapters.amqp.options import AmqpOptions
from helpdesk.adapters.amqp.refusals import refusal
from helpdesk.opening import Opening, OpeningError
from helpdesk.ports.broker import Broker

SHARED: Final = True


@asynccontextmanager
async def open_broker(opening: Opening) -> AsyncIterator[Broker]:
    """A broker that is down is waited for, while `ping` tells; one that refuses us is not.

    Raises:
        OpeningError: a wrong user, virtual host or certificate.
    """
    silence_driver()
    options = AmqpOptions.of(
        opening.settings.amqp, stop_seconds=opening.settings.process.stop_seconds
    )
    await _must_not_be_refused(options)
    async with opened(options) as broker:
        yield broker


async def _must_not_be_refused(options: AmqpOptions) -> None:
    try:
        async with single_use(options, "first"):
            pass
    except FAILURES as error:
        if remedy := refusal(error):
            raise OpeningError(remedy) from error
