"""Acknowledging deliveries of one channel: what is done at the same time is told together.

Each that is told by itself is a frame, a wake-up and an entry in the log of a quorum queue.  Units
of work that travelled together to the database end together as well, so that nobody has to wait for
company here.
"""

import asyncio
from contextlib import suppress

from aio_pika.abc import AbstractChannel

from helpdesk.adapters.amqp.connection import FAILURES, limited


class Acknowledging:
    """Has to see every delivery of its channel, in order: "up to this one" includes all before."""

    def __init__(self, channel: AbstractChannel, *, seconds: float) -> None:
        self._channel = channel
        self._seconds = seconds
        self._open: dict[int, None] = {}  # delivery tags that were not acknowledged, in order
        self._done: set[int] = set()  # of these
        self._telling: asyncio.Task[None] | None = None

    def arrived(self, tag: int) -> None:
        """Note a delivery, before anything is done with it."""
        self._open[tag] = None

    async def done(self, tag: int) -> None:
        """Return when the broker was told, or cannot be: then it delivers again."""
        self._done.add(tag)
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell())
        await asyncio.wait([self._telling])

    async def _tell(self) -> None:
        with suppress(*FAILURES):
            while self._done:
                await limited(self._told(), self._seconds)

    async def _told(self) -> None:
        channel = await self._channel.get_underlay_channel()
        singly, self._done = self._done, set()
        if last := self._taken_up_to(singly):
            await channel.basic_ack(last, multiple=True)
        for it in sorted(singly):
            del self._open[it]
            await channel.basic_ack(it)

    def _taken_up_to(self, done: set[int]) -> int:
        """Take out those before which nothing is open; return the last one, or 0."""
        last = 0
        for tag in list(self._open):
            if tag not in done:
                break
            done.remove(tag)
            del self._open[tag]
            last = tag
        return last
