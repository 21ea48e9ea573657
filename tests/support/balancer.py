"""A load balancer: each connection goes to one of several servers, to one that takes it."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass(slots=True)
class Balancer:
    ports: Sequence[int]
    chance: random.Random
    _at_work: set["asyncio.Task[None]"] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)
        try:
            with suppress(OSError, asyncio.CancelledError):
                await self._pass_on(reader, writer)
        finally:
            writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Both ways, until one side ends; at once when no server takes it."""
        for port in self.chance.sample(self.ports, len(self.ports)):
            with suppress(OSError):
                other, to_other = await asyncio.open_connection("127.0.0.1", port)
                break
        else:
            return
        ways = [
            asyncio.create_task(_copy(reader, to_other)),
            asyncio.create_task(_copy(other, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            to_other.close()
            for it in ways:
                it.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    def end(self) -> None:
        for it in self._at_work:
            it.cancel()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while part := await reader.read(65_536):
        writer.write(part)
        await writer.drain()


@asynccontextmanager
async def balancing(ports: Sequence[int], chance: random.Random) -> AsyncIterator[int]:
    """Yield the port of a balancer in front of those."""
    balancer = Balancer(ports, chance)
    server = await asyncio.start_server(balancer.serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        balancer.end()
