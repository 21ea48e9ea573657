"""Handlers that write down what they are given, for tests of queues."""

import asyncio

from helpdesk.domain.dead_letter import DeadLetter
from helpdesk.ports.outbox import Envelope


class Consumer:
    """Keeps what it is given; each of `failures` is raised once, before it takes anything."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.taken: list[Envelope] = []
        self.deliveries = 0
        self._news = asyncio.Event()

    async def __call__(self, envelope: Envelope) -> None:
        self.deliveries += 1
        self._news.set()
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(envelope)

    async def has_taken(self, count: int) -> None:
        while len(self.taken) < count:
            self._news.clear()
            await self._news.wait()


class Graveyard:
    """Keeps dead letters; each of `failures` is raised once, before it keeps anything."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.kept: list[DeadLetter] = []
        self._news = asyncio.Event()

    async def __call__(self, letter: DeadLetter) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.kept.append(letter)
        self._news.set()

    async def first(self) -> DeadLetter:
        await self._news.wait()
        return self.kept[0]
