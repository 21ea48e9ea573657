"""Worker processes: few, warm while there is work, replaced when they fail.

Starting one takes a third of a second, mostly for FFmpeg's libraries, and a warm one holds some
60 MB: so it serves many tasks, and is let go when nothing came for a while.  That a file is refused
is everyday; a worker that dies of one, or has no memory or time left, is never used again.
"""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from typing import Final

import msgspec

from helpdesk.adapters.pyav.tasks import READY, Answer, Task, answer_of, encode
from helpdesk.domain.errors import UnavailableError

_START_SECONDS: Final = 30.0
_TASKS_EACH: Final = 100  # then another takes over: what libraries leak stays small
_ANSWER_BYTES: Final = 64 * 1024


class DiedError(Exception):
    """A worker ended, or said nonsense, in the middle of a task; the message says how."""


class TookTooLongError(DiedError):
    """It was ended because its time was up."""


class Worker:
    """One process; use it for one task at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._tasks = 0

    @classmethod
    async def start(cls, seconds: float) -> "Worker":
        """Start one whose tasks may take `seconds` each.

        Raises:
            UnavailableError: it does not start.
        """
        it = cls(await _process(seconds))
        try:
            async with asyncio.timeout(_START_SECONDS):
                ready = await it._line() == READY
        except (TimeoutError, DiedError):
            ready = False
        except BaseException:
            await it.stop()
            raise
        if not ready:
            await it.stop()
            raise UnavailableError("The process that converts files does not start.")
        return it

    @property
    def is_worn(self) -> bool:
        return self._tasks >= _TASKS_EACH or self._process.returncode is not None

    async def do(self, task: Task, *, seconds: float) -> Answer:
        """Hand the task over and wait for its answer.

        Raises:
            DiedError: it gave none; stop it.
        """
        self._tasks += 1
        assert self._process.stdin
        try:
            async with asyncio.timeout(seconds):
                self._process.stdin.write(encode(task) + b"\n")
                await self._process.stdin.drain()
                return answer_of(await self._line())
        except TimeoutError as error:
            raise TookTooLongError("took too long") from error
        except (OSError, msgspec.MsgspecError, ValueError) as error:
            raise DiedError("the process that looked into it failed") from error

    def dismiss(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def stop(self) -> None:
        self.dismiss()
        await self._process.wait()

    async def _line(self) -> bytes:
        assert self._process.stdout
        if line := await self._process.stdout.readline():
            return line
        code = await self._process.wait()
        if code == -signal.SIGXCPU:
            raise TookTooLongError("took too long")
        raise DiedError("the process that looked into it died")


async def _process(seconds: float) -> Process:
    program = (sys.executable, "-m", "helpdesk.adapters.pyav.worker")
    try:
        return await asyncio.create_subprocess_exec(
            *program,
            str(max(1, round(seconds))),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,  # what libraries say of a stranger's file is no log of ours
            env=_environment(),
            limit=_ANSWER_BYTES,
            start_new_session=True,  # Ctrl-C is for us; we end it in order
        )
    except OSError as error:
        raise UnavailableError("No process can be started to convert files.") from error


def _environment() -> dict[str, str]:
    """What Python needs to find the same modules; nothing secret."""
    return {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": os.pathsep.join(sys.path)}


class Pool:
    """At most `size` workers; who comes when all are busy waits, in the order of coming."""

    def __init__(self, *, size: int, seconds: float, idle: float = 60.0) -> None:
        """Let a task compute for `seconds`, and take twice as long on a busy machine.

        A worker with nothing to do for `idle` seconds is let go.
        """
        self._seconds = seconds
        self._idle: list[Worker] = []
        self._turns = asyncio.Semaphore(size)
        self._idle_seconds = idle
        self._closing_time: asyncio.TimerHandle | None = None

    async def do(self, task: Task) -> Answer:
        """Have it done by a worker.

        Raises:
            DiedError: the worker did not survive the file, or its time was up.
            UnavailableError: none can be started.
        """
        async with self._turns:
            worker = await self._take()
            try:
                answer = await worker.do(task, seconds=2 * self._seconds)
            except BaseException:
                await worker.stop()
                raise
            self._keep(worker)
            return answer

    async def close(self) -> None:
        self._forget_closing_time()
        while self._idle:
            await self._idle.pop().stop()

    async def _take(self) -> Worker:
        self._forget_closing_time()
        while self._idle:
            worker = self._idle.pop()
            if not worker.is_worn:
                return worker
            await worker.stop()
        return await Worker.start(self._seconds)

    def _keep(self, worker: Worker) -> None:
        self._idle.append(worker)
        self._forget_closing_time()
        loop = asyncio.get_running_loop()
        self._closing_time = loop.call_later(self._idle_seconds, self._let_go)

    def _let_go(self) -> None:
        while self._idle:
            self._idle.pop().dismiss()

    def _forget_closing_time(self) -> None:
        if self._closing_time:
            self._closing_time.cancel()
