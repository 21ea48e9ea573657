"""The helpdesk as separate processes, on the databases and the RabbitMQ that all tests share.

`support.split` is for tests that harm the database as well.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import uuid4

from tests.support.desk import Visitor, visiting
from tests.support.postgres import postgres_database
from tests.support.rabbitmq import Node, options, sweep
from tests.support.server import Server

SETTINGS: Final = {
    "HELPDESK__ADAPTERS__BROKER": "amqp",
    "HELPDESK__AMQP__PARTITIONS": "4",
    "HELPDESK__AMQP__TIMEOUT_SECONDS": "2",
    "HELPDESK__POSTGRES__POOL_SIZE": "4",
    "HELPDESK__POSTGRES__TIMEOUT_SECONDS": "4",
}


@dataclass(slots=True)
class Apart:
    """`api` is what people reach; of the others there may be any number."""

    folder: Path
    environment: dict[str, str]
    stack: AsyncExitStack
    servers: list[Server] = field(default_factory=list)

    async def start(self, *roles: str, **environment: str) -> list[Server]:
        """Start processes of these roles at once; they are killed in the end."""
        started = [self._server(role, environment) for role in roles]
        for it in started:
            it.spawn()
        self.servers += started
        await asyncio.gather(*(asyncio.to_thread(it.wait_until_ready) for it in started))
        return started

    async def visit(self, api: Server) -> Visitor:
        return await self.stack.enter_async_context(visiting(api))

    def _server(self, role: str, environment: dict[str, str]) -> Server:
        data = self.folder / f"{role}-{len(self.servers)}-{uuid4().hex[:4]}"
        server = Server(data, {**self.environment, **environment}, role=role)
        if role != "api":  # where it says how it is
            server.environment = {**server.environment, "HELPDESK__HEALTH__PORT": str(server.port)}
        self.stack.callback(server.kill)
        return server


@asynccontextmanager
async def apart(node: Node, folder: Path) -> AsyncIterator[Apart]:
    """Everything that processes need to meet, and nothing that runs yet."""
    its = options(node.url)
    async with postgres_database() as dsn, AsyncExitStack() as stack:
        where = {
            "HELPDESK__DATA_DIR": str(folder / "shared"),
            "HELPDESK__MEDIA__SHARED": "true",
            "HELPDESK__AMQP__URL": node.url,
            "HELPDESK__AMQP__PREFIX": its.prefix,
            "HELPDESK__POSTGRES__DSN": dsn,
        }
        yield Apart(folder, SETTINGS | where, stack)
    await sweep(its)
