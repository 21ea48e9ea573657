"""Where processes of the helpdesk are born: forked from one that has imported it already.

Importing is three quarters of what a start costs, and tests start more than a hundred.  What runs
is a process like any other, with its own memory, files, signals and end; the test of the image and
that of the published document start theirs as a shell would.

    the tests ── order: arguments, environment; file descriptors ──▶ the nursery ── fork ──▶
        ▲                                                                  │
        └────────────── its id; later its exit code ───────────────────────┘
"""

import atexit
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Final

ROOT: Final = Path(__file__).parents[2]
LONGEST: Final = 1 << 20  # bytes of an order
# What is imported only where it is chosen, as by most of those that are born here.
ADAPTERS: Final = (
    *("amqp", "local", "memory", "postgres", "pyav", "smtp", "webpush"),
    *("whatsapp.cloud", "whatsapp.simulator"),
)


class Child:
    """A process that was born there, with what tests ask of a `subprocess.Popen`."""

    def __init__(self, pid: int, news: socket.socket) -> None:
        self.pid = pid
        self._news = news
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, as `Popen` has it; None while it runs."""
        with suppress(TimeoutError):
            return self.wait(0.0001)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            TimeoutError: it still runs after so many seconds.
        """
        if self._code is None:
            self._news.settimeout(timeout)
            self._code = _number(self._news)
            self._news.close()
        return self._code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The tests' end of it."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair()
        self._lock = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=ROOT,
            )
        atexit.register(self._close)

    def bear(
        self, arguments: Sequence[str], environment: Mapping[str, str], *streams: BinaryIO
    ) -> Child:
        """Start `helpdesk` with these arguments and standard streams: input, output, errors."""
        news, theirs = socket.socketpair()
        order = {"arguments": [*arguments], "environment": dict(environment), "at": str(Path.cwd())}
        with self._lock, theirs:
            line = json.dumps(order).encode() + b"\n"
            files = [theirs.fileno(), *(it.fileno() for it in streams)]
            socket.send_fds(self._orders, [line[:1]], files)
            self._orders.sendall(line[1:])
            return Child(_number(news), news)

    def _close(self) -> None:
        self._orders.close()
        self._process.wait()


def _number(news: socket.socket) -> int:
    """Read a line; of nothing else, which may have come with it."""
    line = b""
    while not line.endswith(b"\n"):
        told = news.recv(1)
        assert told, "the nursery is gone"
        line += told
    return int(line)


@cache
def nursery() -> Nursery:
    """The one of this process; it is opened when it is first asked for."""
    return Nursery()


def main() -> None:
    """Be the nursery, or whoever was born in it."""
    from helpdesk import cli  # noqa: PLC0415 - the tests' end does without

    for it in ADAPTERS:
        import_module(f"helpdesk.adapters.{it}.provide")

    orders = socket.socket(fileno=int(sys.argv[1]))
    if arguments := _serve(orders):
        cli.main(arguments)


def _serve(orders: socket.socket) -> list[str]:
    """Return in each child, with what it is to do; in the nursery, when nobody orders any more."""
    reports: dict[int, socket.socket] = {}
    ended, wakes = socket.socketpair()
    wakes.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes.fileno())
    with orders, ended, wakes, selectors.DefaultSelector() as selector:
        for it in (orders, ended):
            selector.register(it, selectors.EVENT_READ)
        while True:
            ready = [key.fileobj for key, _ in selector.select()]
            if ended in ready:
                ended.recv(4096)
                _bury(reports)
            if orders not in ready:
                continue
            line, files = _order(orders)
            if not line:
                return []
            if not (pid := os.fork()):
                for report in reports.values():
                    report.close()
                return _become(json.loads(line), *files)
            reports[pid] = _announce(pid, *files)


def _announce(pid: int, news: int, *streams: int) -> socket.socket:
    """Tell of a birth; the streams are the child's alone."""
    for it in streams:
        os.close(it)
    report = socket.socket(fileno=news)
    report.sendall(f"{pid}\n".encode())
    return report


def _order(orders: socket.socket) -> tuple[bytes, list[int]]:
    """Take one whole order; an empty one is the last."""
    line, files, _, _ = socket.recv_fds(orders, 1, 4)
    while line and not line.endswith(b"\n"):
        line += orders.recv(LONGEST)
    return line, files


def _become(order: dict[str, object], news: int, *streams: int) -> list[str]:
    """Take on what was ordered."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.close(news)
    environment, arguments, at = (order[it] for it in ("environment", "arguments", "at"))
    assert isinstance(environment, dict)
    assert isinstance(arguments, list)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(str(at))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    return arguments


def _bury(reports: dict[int, socket.socket]) -> None:
    """Tell of those that ended how they did."""
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            with reports.pop(pid) as report, suppress(OSError):  # who asked may be gone
                report.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main()
