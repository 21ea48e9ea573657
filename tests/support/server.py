"""A real server: `helpdesk run` in a process of its own, on a data directory of its own.

Everything here blocks, so that browser tests can use it as well; asynchronous tests call it with
`asyncio.to_thread` where something else must go on meanwhile.
"""

import json
import os
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final

from tests.support.clusters import lay_out
from tests.support.nursery import Child, nursery

PASSWORD: Final = "correct horse battery"  # of admin@localhost
ADMIN: Final = "admin@localhost"
START_SECONDS: Final = 120.0  # the machine may be busy with other tests
STOP_SECONDS: Final = 40.0
TAIL: Final = 6000  # characters of the log that an error shows


class ServerError(AssertionError):
    """The server did not do what was asked; with the end of its log."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command left."""

    returncode: int
    stdout: str
    stderr: str


def free_port() -> int:
    """Find a port on which nobody listens now."""
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        port: int = it.getsockname()[1]
        return port


@dataclass(slots=True)
class Server:
    """`environment` holds settings, as in `{"HELPDESK__SILENCE__CLOSE_AFTER_SECONDS": "2"}`."""

    data: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    role: str = "all"
    port: int = field(default_factory=free_port)
    process: Child | None = None
    tokens: dict[str, str] = field(default_factory=dict)  # by e-mail address

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data.with_name(f"{self.data.name}.log")

    @property
    def pid(self) -> int:
        assert self.process, "it does not run"
        return self.process.pid

    def start(self) -> "Server":
        """Start it and return when it is ready."""
        self.spawn()
        self.wait_until_ready()
        return self

    def spawn(self) -> None:
        """Start it."""
        assert self.process is None, "it runs already"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log, Path(os.devnull).open("rb") as nothing:
            arguments = ("run", "--role", self.role)
            self.process = nursery().bear(arguments, self.variables(), nothing, log, log)

    def wait_until_ready(self) -> None:
        """Return when /readyz says so."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.is_ready():
                return
            if self.process is None or self.process.poll() is not None:
                raise self.error("it ended while it was starting")
            time.sleep(0.02)
        raise self.error(f"it was not ready after {START_SECONDS:.0f} s")

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):
                return True
        except OSError as error:
            if isinstance(error, urllib.error.HTTPError):  # 503
                error.close()
            return False

    def stop(self) -> int:
        """Ask it to stop, by SIGTERM, and return its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it as the kernel would: no good-bye."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it in order and start it again."""
        self.stop()
        self.start()

    def run(self, *arguments: str, stdin: str = "", **environment: str) -> Ended:
        """Run another command of the CLI with the same settings, to its end."""
        with TemporaryFile() as given, TemporaryFile() as output, TemporaryFile() as errors:
            given.write(stdin.encode())
            given.seek(0)
            variables = {**self.variables(), **environment}
            process = nursery().bear(arguments, variables, given, output, errors)
            try:
                code = process.wait(START_SECONDS)
            except TimeoutError:
                process.kill()
                raise
            for it in (output, errors):
                it.seek(0)
            return Ended(code, output.read().decode(), errors.read().decode())

    def token(self, email: str = ADMIN, password: str = PASSWORD) -> str:
        """Sign in, once for each address."""
        if email not in self.tokens:
            answer = self.ask("POST", "/v1/sign-in", {"email": email, "password": password})
            self.tokens[email] = answer["token"]
        return self.tokens[email]

    def ask(self, method: str, path: str, body: object = None, *, token: str = "") -> Any:
        """Make one request of the API; for what an asynchronous test does through `desk`."""
        request = urllib.request.Request(f"{self.url}{path}", method=method)
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        sent = None if body is None else json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, sent, timeout=60) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                raise self.error(f"{method} {path}: {error.code} {error.read()!r}") from error

    def postmaster(self) -> int:
        """The process id of the embedded PostgreSQL."""
        return int((self.data / "postgres/data/postmaster.pid").read_text().splitlines()[0])

    def logged(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def error(self, what: str) -> ServerError:
        return ServerError(f"{what}\n--- {self.log} ends with:\n{self.logged()[-TAIL:]}")

    def variables(self) -> dict[str, str]:
        ours = {k: v for k, v in os.environ.items() if not k.startswith("HELPDESK")}
        return {
            **ours,
            "HELPDESK_ADMIN_PASSWORD": PASSWORD,
            "HELPDESK__DATA_DIR": str(self.data),
            "HELPDESK__HTTP__PORT": str(self.port),
            **self.environment,
        }

    def _end(self, how: signal.Signals) -> int:
        process, self.process = self.process, None
        if process is None:
            return 0
        process.send_signal(how)
        try:
            return process.wait(STOP_SECONDS)
        except TimeoutError:
            process.kill()
            process.wait()
            raise self.error(f"it did not end after {STOP_SECONDS:.0f} s") from None


@contextmanager
def running(data: Path, **environment: str) -> Iterator[Server]:
    """Run a server inside the block; it is killed if it does not end."""
    if not data.exists() and "HELPDESK__POSTGRES__DSN" not in environment:
        lay_out(data / "postgres")
    with from_nothing(data, **environment) as server:
        yield server


@contextmanager
def from_nothing(data: Path, **environment: str) -> Iterator[Server]:
    """Run one that makes its database by itself, which is most of the work of a first start."""
    server = Server(data, environment)
    try:
        yield server.start()
        server.stop()
    finally:
        server.kill()
