"""A RabbitMQ node of the tests' own, which they may freeze and kill; or one that is given.

HELPDESK_TEST_AMQP names a running broker; tests that kill or freeze theirs start one all the same.
"""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest

from helpdesk.adapters.amqp.broker import AmqpBroker, opened
from helpdesk.adapters.amqp.connection import single_use
from helpdesk.adapters.amqp.names import Layout, Names
from helpdesk.adapters.amqp.options import AmqpOptions
from helpdesk.ports.broker import INBOUND, Queue

PROGRAM: Final = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
GIVEN: Final = "HELPDESK_TEST_AMQP"
START_LIMIT: Final = 90.0  # seconds; six to ten on a machine that does nothing else
RUNNING: Final = frozenset("RSD")  # states of threads that go on, or will
KEPT_FROM: Final = 3.0  # seconds after its declaration a quorum queue survives a kill


class Node:
    """One broker, listening on loopback only, all its files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, secure, self._epmd, self._dist = _free_ports(4)
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}/"
        self.secure_url = f"amqps://guest:guest@127.0.0.1:{secure}/"
        self.authority = folder / "certificate.pem"  # of itself
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "plugins").write_text("[].")
        _certify(self.authority, folder / "key.pem")
        (folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\nlog.file.level = warning\n"
            f"listeners.ssl.1 = 127.0.0.1:{secure}\nssl_options.certfile = {self.authority}\n"
            f"ssl_options.keyfile = {folder}/key.pem\ndisk_free_limit.absolute = 10MB\n"
        )

    @property
    def pid(self) -> int:
        assert self._process, "it does not run"
        return self._process.pid

    def start(self) -> None:
        """Start it and return when it takes connections."""
        with (self.folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                [PROGRAM],
                env=self._environment(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        until = time.monotonic() + START_LIMIT
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.folder / "output").read_text()[-2000:])
            time.sleep(0.1)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
        self._process = None

    def restart(self) -> None:
        """End it in order and start it again."""
        self._signal(signal.SIGTERM)
        if self._process is not None:
            self._process.wait(START_LIMIT)
        self._process = None
        self.start()

    def freeze(self) -> None:
        """Return when it does nothing any more: on another core it may be confirming just now."""
        self._signal(signal.SIGSTOP)
        until = time.monotonic() + START_LIMIT
        while _states(self.pid) & RUNNING:
            assert time.monotonic() < until, "it does not stop"
            time.sleep(0.001)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it, and the port mapper it started."""
        self.thaw()
        self.kill()
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(
                ["epmd", "-kill"],
                env=self._environment(),
                capture_output=True,
                timeout=5,
                check=False,
            )

    def _signal(self, number: int) -> None:
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, number)

    def _answers(self) -> bool:
        """Whether the protocol's greeting is returned, which a mere listener would not do."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as it:
            it.settimeout(2)
            it.sendall(b"AMQP\x00\x00\x09\x01")
            return it.recv(1) == b"\x01"
        return False

    def _environment(self) -> dict[str, str]:
        folder = str(self.folder)
        return {
            "PATH": os.environ["PATH"],
            "HOME": folder,
            "LANG": "C.UTF-8",
            "RABBITMQ_NODENAME": f"test{self.port}@localhost",
            "RABBITMQ_MNESIA_BASE": f"{folder}/data",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/plugins",
            "RABBITMQ_PID_FILE": f"{folder}/pid",
            "RABBITMQ_DIST_PORT": str(self._dist),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._epmd),
            # So that it ends when it is told, though it may not have seen yet that the node died.
            "ERL_EPMD_RELAXED_COMMAND_CHECK": "true",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2"
                " +sbwt none +sbwtdcpu none +sbwtdio none"
            ),
        }


@contextmanager
def a_node() -> Iterator[Node]:
    """Start a private node; skip where RabbitMQ is not installed, but fail in CI."""
    if not PROGRAM.exists():
        missing = "RabbitMQ is not installed (apt-get install rabbitmq-server)"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-amqp-"))
    node = Node(folder)
    try:
        node.start()
        yield node
    finally:
        node.stop()
        shutil.rmtree(folder, ignore_errors=True)


def shared_url() -> str:
    """The broker of the whole session: the given one, or `own_node`."""
    return os.environ.get(GIVEN) or own_node().url


@cache
def own_node() -> Node:
    """The node of this process's tests; whoever freezes or kills it mends it again."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(a_node())


def options(url: str, **changes: Any) -> AmqpOptions:
    """Names of its own for each test, and no long pauses."""
    hasty: dict[str, Any] = {
        "prefix": f"test-{uuid4().hex[:8]}",
        "partitions": 3,
        "timeout": 15.0,  # the machine may be busy with other tests
        "heartbeat": 5,
        "first_pause": 0.02,
        "longest_pause": 0.2,
        "share_every": 0.3,
    }
    return AmqpOptions(url=url, **(hasty | changes))


@asynccontextmanager
async def amqp_broker() -> AsyncIterator[AmqpBroker]:
    """Open a broker whose queues are deleted in the end."""
    its = options(shared_url())
    async with opened(its) as broker:
        yield broker
    await sweep(its)


async def sweep(its: AmqpOptions, *others: Queue) -> None:
    """Delete what a test may have declared."""
    names = Names(its.prefix)
    async with single_use(its, "sweep") as connection, connection.channel() as channel:
        for queue in (INBOUND, *others):
            for generation in range(1, 4):
                layout = Layout(generation=generation, partitions=8, delivery_limit=1)
                for it in names.partitions(queue, layout):
                    await channel.queue_delete(it)
            for name in (names.work, names.layout, names.members, names.dead):
                await channel.queue_delete(name(queue))
            await channel.queue_delete(names.former_dead)
            await channel.exchange_delete(names.exchange(queue))


def _states(group: int) -> set[str]:
    """The states of all threads of a process group, as in /proc."""
    found = set[str]()
    for it in Path("/proc").glob("[0-9]*/task/[0-9]*/stat"):
        with suppress(OSError):
            state, _, its = it.read_text().rpartition(")")[2].split()[:3]
            if int(its) == group:
                found.add(state)
    return found


def _free_ports(count: int) -> list[int]:
    with suppress(OSError):
        sockets = [socket.socket() for _ in range(count)]
        for it in sockets:
            it.bind(("127.0.0.1", 0))
        ports = [int(it.getsockname()[1]) for it in sockets]
        for it in sockets:
            it.close()
        return ports
    raise RuntimeError("no free port on the loopback address")


def _certify(certificate: Path, key: Path) -> None:
    """Make a certificate for the loopback address that nobody but itself vouches for."""
    names = ("-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1")
    files = ("-keyout", key, "-out", certificate)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *files],
        check=True,
        capture_output=True,
    )
