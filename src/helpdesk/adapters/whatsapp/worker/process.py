"""A worker's processes: started in a group of their own, ended as a group, measured."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

LINE_LIMIT: Final = 1024 * 1024  # bytes; the longest text of a client is far below
GOODBYE: Final = 6.0  # seconds to write the profile and end
_NUMBERS: Final = re.compile(r"\d{6,}")  # phone numbers, in whatever spelling

log = structlog.get_logger(__name__)


class Process:
    """One worker, and what it started."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin
        assert process.stdout
        self._process = process
        self.pid = process.pid  # of its group as well
        self.reader: asyncio.StreamReader = process.stdout
        self.writer: asyncio.StreamWriter = process.stdin
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(
        cls, command: Sequence[str], *, environment: Mapping[str, str], folder: Path
    ) -> "Process":
        """Start a worker that ends when we do.

        Call it from the main thread: the kernel watches the thread that starts a child.
        """
        leash = str(Path(__file__).with_name("leash.py"))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", leash, str(os.getpid()), *command),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            limit=LINE_LIMIT,
            env=environment,
            cwd=folder,
            start_new_session=True,
        )
        return cls(process)

    async def _listen(self) -> None:
        """What the worker logs may be about clients: it is told without numbers, for debugging."""
        assert self._process.stderr
        while line := await self._line():
            log.debug("whatsapp_worker_says", text=_NUMBERS.sub("…", line.decode(errors="replace")))

    async def _line(self) -> bytes:
        assert self._process.stderr
        try:
            return await self._process.stderr.readline()
        except ValueError:  # longer than the limit; the reader went on
            return b"(a long line)"

    async def end(self) -> None:
        """Let it end in order; then end whatever of it is left."""
        try:
            self.writer.close()
            async with asyncio.timeout(GOODBYE):
                await self._process.wait()
        except TimeoutError:
            log.warning("whatsapp_worker_killed", pid=self.pid)
        finally:
            self.kill()
            self._listening.cancel()
        await self._process.wait()

    def kill(self) -> None:
        """End the group at once: a killed worker leaves children behind that are still in it."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)


def members(group: int) -> list[int]:
    """List the processes of a group, as far as /proc tells."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            # Behind the name, which may hold anything: state, parent, group.
            fields = (place / "stat").read_text().rpartition(")")[2].split()
            if int(fields[2]) == group and fields[0] != "Z":
                found.append(int(place.name))
    return found


def figures(group: int) -> dict[str, float]:
    """Measure a group: processes and their memory, where shared pages count by their share."""
    pids = members(group)
    return {"processes": len(pids), "memory_bytes": float(sum(map(_memory, pids)))}


def _memory(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
