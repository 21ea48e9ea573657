"""Connections to RabbitMQ: bounded in time, renewed for ever.

aio-pika's robust connection is not used: it restores channels behind our back, and who holds
unacknowledged deliveries must know at once that they are somebody else's now.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final, TypeVar

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import CONNECTION_EXCEPTIONS

from helpdesk.adapters.amqp.options import AmqpOptions
from helpdesk.adapters.amqp.refusals import refusal
from helpdesk.domain.errors import UnavailableError

Answer = TypeVar("Answer")
# What a broker that is down, frozen or going down may raise out of aio-pika.
FAILURES: Final = (*CONNECTION_EXCEPTIONS, TimeoutError, asyncio.InvalidStateError)
GOOD_BYE: Final = 1.0  # seconds a broker may take to answer that we leave

log = structlog.get_logger(__name__)


def silence_driver() -> None:
    """We tell of each failure ourselves, once; the driver would tell it again, as an error."""
    for it in ("aiormq", "aio_pika"):
        logging.getLogger(it).setLevel(logging.CRITICAL)


async def limited(answer: Awaitable[Answer], seconds: float) -> Answer:
    """Await an answer of the broker no longer than this, in a task of its own.

    The driver waits by `asyncio.wait_for`, which in Python 3.11 may swallow a cancellation
    (python/cpython#86296): one that is meant for us must not reach it.
    """
    task = asyncio.ensure_future(answer)
    try:
        await asyncio.wait([task], timeout=seconds)
    finally:
        if not task.done():
            task.add_done_callback(forget)
            task.cancel()
    if not task.done():
        raise TimeoutError
    if task.cancelled():
        raise ConnectionError("the connection was lost meanwhile")
    return task.result()


def forget(task: asyncio.Future[Answer]) -> None:
    """Look at how it ended, so that asyncio does not complain that nobody did."""
    if not task.cancelled():
        task.exception()


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Tell the failures of the broker in the domain's words."""
    try:
        yield
    except FAILURES as error:
        raise UnavailableError(f"{what}: {reason(error)}") from error


def reason(error: BaseException) -> str:
    """Say what happened, in a line; drivers' errors are silent when asked by str()."""
    if isinstance(error, TimeoutError) and not str(error):
        return "no answer in time"
    return refusal(error) or str(error) or repr(error)


class Connection(aio_pika.Connection):
    """Counts as closed when it could not be made.

    Otherwise the driver starts a task to close it when it is collected as garbage, in whatever
    moment that is: also when no loop runs any more.
    """

    async def connect(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the driver's
        try:
            await super().connect(timeout)
        except BaseException:
            await self.close()
            raise


async def connect(options: AmqpOptions, name: str) -> AbstractConnection:
    """Connect once; heartbeats end it when the other side is silent for three of them."""
    return await limited(
        aio_pika.connect(
            options.url,
            heartbeat=options.heartbeat,
            client_properties={"connection_name": f"{options.prefix} {name}"},
            connection_class=Connection,
        ),
        options.timeout,
    )


async def close(it: AbstractConnection | AbstractChannel) -> None:
    """Close politely, but do not wait for an answer for long."""
    with suppress(*FAILURES):
        await limited(it.close(), GOOD_BYE)


@asynccontextmanager
async def single_use(options: AmqpOptions, name: str) -> AsyncIterator[AbstractConnection]:
    """Open a connection for something that may break it, such as a declaration."""
    connection = await connect(options, name)
    try:
        yield connection
    finally:
        await close(connection)


class Link:
    """One connection, renewed for ever with growing pauses; `run` keeps it."""

    def __init__(self, options: AmqpOptions, name: str) -> None:
        self._options = options
        self._name = name
        self._up = asyncio.Event()
        self._connection: AbstractConnection | None = None
        self.problem = "not connected yet"  # empty while connected

    async def connection(self) -> AbstractConnection:
        """Return the connection when there is one; bound the wait where it matters."""
        while True:
            await self._up.wait()
            if self._connection is not None:
                return self._connection

    async def run(self) -> None:
        """Keep connected until cancelled."""
        failures = 0
        while True:
            try:
                connection = await connect(self._options, self._name)
            except FAILURES as error:
                failures += 1
                self._tell(reason(error), failures)
            else:
                failures = 0
                await self._keep(connection)
            pause = self._options.pause(max(1, failures))
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, no secret

    async def _keep(self, connection: AbstractConnection) -> None:
        lost = asyncio.Event()
        problems: list[str] = []

        def closed(_: object, error: BaseException | None = None) -> None:
            problems.append(reason(error) if error else "closed")
            lost.set()

        connection.close_callbacks.add(closed)
        self.problem = ""
        self._connection = connection
        self._up.set()
        log.info("broker_connected", link=self._name)
        try:
            await lost.wait()
            self._tell(problems[0], 1)
        finally:
            self._up.clear()
            self._connection = None
            await close(connection)

    def _tell(self, problem: str, failures: int) -> None:
        self.problem = problem
        log.warning("broker_lost", link=self._name, reason=problem, failures=failures)
