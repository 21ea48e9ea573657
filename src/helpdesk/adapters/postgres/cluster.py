"""One embedded PostgreSQL: its directory, its settings, its start and its end.

Synchronous and small; `embedded` keeps it alive.  Only we use a cluster: a lock file held as long
as we live says so, and ends with us even when we are killed.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from helpdesk.adapters.postgres.launch import EmbeddedError, Launcher, account_for, complaint

ROLE: Final = "helpdesk"
_SOCKET_NAME: Final = "/.s.PGSQL.5432"
_SOCKET_LIMIT: Final = 107  # bytes in sockaddr_un.sun_path, without its final NUL: unix(7)
_READY_LINE: Final = 7  # of postmaster.pid: src/include/utils/pidfile.h, LOCK_FILE_LINE_PM_STATUS
_SOCKET_LINE: Final = 4
_LOG_LIMIT: Final = 5_000_000  # bytes; then it begins anew, with one predecessor kept
_START_SECONDS: Final = 600.0  # recovery after a crash may take long
_STOP_SECONDS: Final = 30.0
_FORMER: Final = "data.former"
_APPEND: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT

# For a small machine, and for one helpdesk that shares it; everything that keeps data stays on.
SETTINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "40",
        "shared_buffers": "64MB",
        "effective_cache_size": "512MB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "max_wal_size": "512MB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "wal_level": "minimal",  # nobody replicates it; backups go through pg_dump
        "max_wal_senders": "0",
        "max_logical_replication_workers": "0",
        "max_parallel_workers_per_gather": "0",
        "autovacuum_max_workers": "2",
        "autovacuum_naptime": "20s",
        "random_page_cost": "1.1",
        "jit": "off",
        "update_process_title": "off",
        "log_checkpoints": "off",
        "log_timezone": "UTC",
        "timezone": "UTC",
    }
)


@dataclass(slots=True)
class Cluster:
    """`folder` is ours; PostgreSQL's own directory lies in it."""

    folder: Path
    binaries: Path
    settings: Mapping[str, str] = field(default_factory=dict)  # beyond SETTINGS
    process: subprocess.Popen[bytes] | None = None
    _log_start: int = 0  # where the log of this start begins

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def sockets(self) -> Path:
        """Where the socket lies: in the folder, or below /tmp when its name is not fit for one.

        Too long is a name for the system; one with a comma is two for PostgreSQL and its clients.
        """
        here = self.folder / "run"
        if len(os.fsencode(f"{here}{_SOCKET_NAME}")) <= _SOCKET_LIMIT and "," not in str(here):
            return here
        name = sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"helpdesk-{os.geteuid()}-{name}"

    @property
    def dsn(self) -> str:
        return dsn_of(self.sockets)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only one who uses the cluster.

        Raises:
            EmbeddedError: another helpdesk does, or the folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o711)
            lock = (self.folder / "lock").open("a")
        except OSError as error:
            raise EmbeddedError(f"Cannot write to {self.folder}: {error.strerror}.") from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise EmbeddedError(
                    f"Another helpdesk already runs on {self.folder.parent}; end it, or set"
                    " data_dir to another directory."
                ) from error
            yield

    def starting(self) -> Iterator[float]:
        """Start the server, and make the cluster if there is none, step by step.

        Yields pauses in seconds, to be slept, until the server answers.

        Raises:
            EmbeddedError: it cannot be made or started.
        """
        yield from self._ending_orphan()
        former = self.folder / _FORMER
        if former.exists() and not self.data.exists():
            former.rename(self.data)  # `succeed` was interrupted
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._own(self.sockets)
        for attempt in range(1, 21):
            yield from self._launching()
            if self.process:
                return
            said = self._last_words()
            if "shared memory block" not in said or attempt == 20:
                raise EmbeddedError(f"The database in {self.folder} does not start: {said}")
            yield 0.1  # processes of a killed server have not all noticed yet

    def start(self) -> None:
        """Start the server and return when it answers.

        Raises:
            EmbeddedError: as `starting`.
        """
        for pause in self.starting():
            time.sleep(pause)

    def stop(self) -> None:
        """End it in order, so that the next start is quick."""
        process = self.process
        if process is None:
            return
        for demand in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if process.poll() is not None:
                break
            process.send_signal(demand)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
        self.process = None

    def launcher(self) -> Launcher:
        """What starts PostgreSQL's programs for this cluster."""
        places = tuple(it for it in (self.folder, self.binaries) if it.exists())
        return Launcher(account_for(self.data), places)

    def succeed(self, data: Path) -> None:
        """Put another cluster's data in the place of ours, which must not run."""
        former = self.folder / _FORMER
        if self.data.exists():
            self.data.rename(former)
        data.rename(self.data)
        shutil.rmtree(former, ignore_errors=True)

    def _own(self, directory: Path) -> None:
        """Make a directory that only PostgreSQL's account and root may enter."""
        account = account_for(self.data)
        owner = account.uid if account else os.geteuid()
        try:
            directory.mkdir(mode=0o700, exist_ok=True)
            if os.geteuid() == 0 and directory.lstat().st_uid == 0 and account:
                os.chown(directory, account.uid, account.gid, follow_symlinks=False)
            found = directory.lstat()
        except OSError as error:
            raise EmbeddedError(f"Cannot make {directory}: {error.strerror}.") from error
        if found.st_uid != owner or found.st_mode & 0o077 or directory.is_symlink():
            raise EmbeddedError(f"{directory} is not ours alone: remove it.")

    def _create(self) -> None:
        """Make a cluster beside its place and move it there: half of one never stays behind."""
        new = self.folder / "data.new"
        if new.exists():
            shutil.rmtree(new)
        self._own(new)
        launcher = Launcher(account_for(new), (self.folder, self.binaries))
        # Code points in order; what people read is sorted without accents and case anyway.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if self._version(launcher) < 17:  # where that provider was new
            locale = ["--locale=C.UTF-8"]
        options = ["-U", ROLE, "-E", "UTF8", "--auth=trust", "--no-instructions", "-k", *locale]
        code, said = launcher.run([self.binaries / "initdb", "-D", new, *options])
        if code:
            raise EmbeddedError(f"Cannot make a database in {self.folder}: {said}")
        new.rename(self.data)

    def _version(self, launcher: Launcher) -> int:
        code, said = launcher.run([self.binaries / "postgres", "--version"])
        if code:
            raise EmbeddedError(f"{self.binaries / 'postgres'} does not run: {said}")
        return int(said.partition("(PostgreSQL) ")[2].partition(".")[0])

    def _launching(self) -> Iterator[float]:
        """Start the process and wait until it is ready; None remains of one that is not."""
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.rename(self.log.with_suffix(".log.1"))
        options = {**SETTINGS, "unix_socket_directories": str(self.sockets), **self.settings}
        settings = [it for key, value in options.items() for it in ("-c", f"{key}={value}")]
        with os.fdopen(os.open(self.log, _APPEND, 0o600), "ab") as log:
            self._log_start = log.seek(0, os.SEEK_END)
            self.process = self.launcher().start(
                [self.binaries / "postgres", "-D", self.data, *settings], log=log.fileno()
            )
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            if _ready(lines := self._pid_file()) and lines[0] == str(self.process.pid):
                return
            yield 0.005
        self.stop()

    def _pid_file(self) -> list[str]:
        with suppress(OSError):
            return (self.data / "postmaster.pid").read_text().splitlines()
        return []

    def _last_words(self) -> str:
        with self.log.open("rb") as log:
            log.seek(max(self._log_start, self.log.stat().st_size - 4000))
            return complaint(log.read().decode(errors="replace"))

    def _ending_orphan(self) -> Iterator[float]:
        """Wait for the server of a helpdesk that was killed; it is on its way out.

        A pid file whose process is something else is stale: with few processes, as in a container,
        the number is soon another's, and PostgreSQL would refuse to start.
        """
        lines = self._pid_file() or ["0"]
        pid = int(lines[0]) if lines[0].isdecimal() else 0
        until = time.monotonic() + _STOP_SECONDS
        while self._is_server(pid):
            if time.monotonic() > until:
                raise EmbeddedError(f"A server (pid {pid}) still runs on {self.data}: end it.")
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            yield 0.02
        # The socket has such a file, too; of a server that nobody buried both seem to be in use.
        # Processes that a killed server left are found all the same, by the directory's number.
        for stale in (self.data / "postmaster.pid", Path(f"{self.sockets}{_SOCKET_NAME}.lock")):
            stale.unlink(missing_ok=True)

    def _is_server(self, pid: int) -> bool:
        try:  # Linux
            told = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            if Path("/proc/self").exists():
                return False
            asked = subprocess.run(  # noqa: S603
                ["ps", "-o", "args=", "-p", str(pid)],  # noqa: S607
                capture_output=True,
                check=False,
            )
            told = asked.stdout
        return os.fsencode(self.data) in told


def dsn_of(sockets: Path) -> str:
    return f"postgresql://{ROLE}@/postgres?host={quote(str(sockets), safe='')}&port=5432"


def running_at(folder: Path) -> str | None:
    """The DSN of the server that another helpdesk runs in `folder`, or None."""
    try:
        lines = (folder / "data" / "postmaster.pid").read_text().splitlines()
        lock = (folder / "lock").open("a")
    except OSError:
        return None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return dsn_of(Path(lines[_SOCKET_LINE])) if _ready(lines) else None
    return None  # nobody uses it: the pid file was left behind


def _ready(pid_file: list[str]) -> bool:
    return len(pid_file) > _READY_LINE and pid_file[_READY_LINE].strip() == "ready"
