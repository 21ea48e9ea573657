"""A split installation: processes of each role, a PostgreSQL of their own, and the tests' RabbitMQ.

All of it may be killed, frozen and started again.  Methods that wait block: call them with
`asyncio.to_thread` where something else must go on meanwhile.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import asyncpg

from helpdesk.adapters.postgres.cluster import Cluster
from helpdesk.adapters.postgres.launch import bundled_binaries
from helpdesk.adapters.postgres.migrate import migrate
from tests.support.clusters import lay_out
from tests.support.rabbitmq import Node, own_node
from tests.support.server import Server

# What processes lose when they are killed does not depend on the disk, which all tests share.
DATABASE: Final = {"max_connections": "150", "fsync": "off"}


@dataclass(slots=True)
class Split:
    folder: Path
    node: Node
    cluster: Cluster
    environment: Mapping[str, str]
    servers: dict[str, Server] = field(default_factory=dict)
    prefix: str = field(default_factory=lambda: f"split-{uuid4().hex[:8]}")

    def add(self, role: str, count: int) -> None:
        """Have so many processes of a role; they are not started yet."""
        for number in range(1, count + 1):
            name = f"{role}-{number}"
            settings = {
                "HELPDESK__PROCESS__NAME": name,
                "HELPDESK__DATA_DIR": str(self.folder / "shared"),
                "HELPDESK__MEDIA__SHARED": "true",
                "HELPDESK__ADAPTERS__BROKER": "amqp",
                "HELPDESK__AMQP__URL": self.node.url,
                "HELPDESK__AMQP__PREFIX": self.prefix,
                "HELPDESK__POSTGRES__DSN": self.cluster.dsn,
                "HELPDESK__POSTGRES__MIGRATE_ON_START": "false",
                **self.environment,
            }
            server = Server(self.folder / name, settings, role)
            if role != "api":  # where it says how it is; an API does so where it serves
                settings["HELPDESK__HEALTH__PORT"] = str(server.port)
            self.servers[name] = server

    def of(self, role: str) -> list[Server]:
        return [it for it in self.servers.values() if it.role == role]

    def start(self, *names: str) -> None:
        """Start these, or all, and return when they are ready."""
        for name in names or self.servers:
            self.servers[name].spawn()
        for name in names or self.servers:
            self.servers[name].wait_until_ready()

    def replace(self, name: str) -> None:
        """Kill one and start it again, as whoever supervises it would."""
        self.servers[name].kill()
        self.servers[name].spawn()

    def revive(self) -> None:
        """Start those that ended, as whoever supervises them would: for want of a database."""
        for it in self.servers.values():
            if it.process is not None and it.process.poll() is not None:
                it.process = None
                it.spawn()

    def roll(self, name: str) -> None:
        """Stop one in order, start it again and return when it is ready."""
        assert self.servers[name].stop() == 0
        self.start(name)

    def freeze(self, name: str) -> None:
        os.kill(self.servers[name].pid, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        os.kill(self.servers[name].pid, signal.SIGCONT)

    def restart_broker(self) -> None:
        self.node.restart()

    def kill_broker(self) -> None:
        self.node.kill()
        self.node.start()

    def freeze_broker(self, seconds: float) -> None:
        self.node.freeze()
        time.sleep(seconds)
        self.node.thaw()

    def restart_database(self) -> None:
        self.cluster.stop()
        self.cluster.start()

    def kill_database(self) -> None:
        assert self.cluster.process
        self.cluster.process.kill()
        self.cluster.process.wait()
        self.cluster.process = None
        self.cluster.start()

    async def ask(self, sql: str, *arguments: object) -> list[Any]:
        """Look into the database, for what no API tells."""
        connection = await asyncpg.connect(self.cluster.dsn)
        try:
            return await connection.fetch(sql, *arguments)
        finally:
            await connection.close()

    async def do(self, sql: str) -> None:
        """Break something in the database, or mend it."""
        connection = await asyncpg.connect(self.cluster.dsn)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    def end(self) -> None:
        for it in self.servers.values():
            if it.process is not None:
                it.process.send_signal(signal.SIGCONT)
            it.kill()


@contextmanager
def _cluster(folder: Path, options: Mapping[str, str]) -> Iterator[Cluster]:
    folder.mkdir(mode=0o711)
    cluster = Cluster(folder / "postgres", bundled_binaries(), options)
    lay_out(cluster.folder)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()


@asynccontextmanager
async def split(
    folder: Path,
    database: Mapping[str, str] = DATABASE,
    /,
    *,
    api: int,
    consumer: int,
    bot: int,
    **environment: str,
) -> AsyncIterator[Split]:
    """Start a broker, a database, and so many processes of each role, and end all of it."""
    folder.chmod(0o711)
    with ExitStack() as stack:
        node, cluster = await asyncio.gather(
            asyncio.to_thread(own_node),
            asyncio.to_thread(stack.enter_context, _cluster(folder / "database", database)),
        )
        its = Split(folder, node, cluster, environment)
        stack.callback(its.end)
        await migrate(cluster.dsn)
        for role, count in (("api", api), ("consumer", consumer), ("bot", bot)):
            its.add(role, count)
        await asyncio.to_thread(its.start)
        yield its
