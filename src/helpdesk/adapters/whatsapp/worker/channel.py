"""The worker contract: JSON lines, requests down, answers and events up.

The first line up is `{"hello": {"contract": 1, ...}}`.  A request is `{id, method, params}`, its
answer `{id, ok}` or `{id, error: {code, detail}}`, an event `{seq, ev, ...}`.
"""

import asyncio
import json
from collections.abc import Callable
from itertools import count
from typing import Any, Final, Protocol

import structlog

CONTRACT: Final = 1
HELLO_LIMIT: Final = 60.0  # seconds; the library is large, and disks may be slow
PING_EVERY: Final = 5.0
PONG_LIMIT: Final = 15.0

Fields = dict[str, Any]

log = structlog.get_logger(__name__)


class WorkerGoneError(Exception):
    """The worker ended, or does not answer any more."""


class NotThereError(WorkerGoneError):
    """It was gone before it was asked."""


class RefusedError(Exception):
    """The worker did not do it; `code` says what to do next."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Line(Protocol):
    """What connects us with a worker: `process.Process`, for one."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Channel:
    def __init__(self, line: Line) -> None:
        self._line = line
        self._ids = count(1)
        self._waiting: dict[int, asyncio.Future[Fields]] = {}
        self._gone = False

    async def greet(self) -> Fields:
        """Wait for the worker's first words.

        Raises:
            WorkerGoneError: it ended, is silent, or speaks another contract.
        """
        try:
            async with asyncio.timeout(HELLO_LIMIT):
                hello = (await self._read()).get("hello", {})
        except TimeoutError:
            raise WorkerGoneError("it did not say hello") from None
        if hello.get("contract") != CONTRACT:
            raise WorkerGoneError(f"it speaks another contract: {hello}")
        return dict(hello)

    async def run(self, take: Callable[[Fields], None]) -> None:
        """Read for ever; `take` gets each event and must not wait.

        Raises:
            WorkerGoneError: it ended.
        """
        try:
            while True:
                line = await self._read()
                if "ev" in line:
                    take(line)
                elif future := self._waiting.pop(line.get("id", 0), None):
                    self._settle(future, line)
        finally:
            self._gone = True
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(WorkerGoneError("it ended meanwhile"))

    async def watch(self) -> None:
        """Ask for a sign of life, for ever.

        Raises:
            WorkerGoneError: none came in time.
        """
        while True:
            await asyncio.sleep(PING_EVERY)
            try:
                await self.ask("ping", limit=PONG_LIMIT)
            except TimeoutError:
                raise WorkerGoneError("it does not answer") from None

    async def ask(self, method: str, /, *, limit: float, **params: Any) -> Fields:
        """Ask and wait for the answer.

        Raises:
            RefusedError: it answered with an error.
            NotThereError: it had ended before.
            WorkerGoneError: it ended before it answered.
            TimeoutError: no answer within `limit` seconds.
        """
        id = next(self._ids)
        future: asyncio.Future[Fields] = asyncio.get_running_loop().create_future()
        self._waiting[id] = future
        try:
            self._write({"id": id, "method": method, "params": params})
            async with asyncio.timeout(limit):
                return await future
        finally:
            self._waiting.pop(id, None)

    def tell(self, method: str, /, **params: Any) -> None:
        """Ask for no answer."""
        if not self._gone:
            self._write({"method": method, "params": params})

    def _write(self, line: Fields) -> None:
        if self._gone or self._line.writer.is_closing():
            raise NotThereError("it is not there")
        self._line.writer.write(json.dumps(line).encode() + b"\n")

    async def _read(self) -> Fields:
        """Read the next line that is one of the contract's."""
        while True:
            try:
                line = await self._line.reader.readline()
            except ValueError:  # longer than the limit; the reader went on
                log.warning("whatsapp_worker_line_too_long")
                continue
            except OSError as error:
                raise WorkerGoneError(str(error)) from error
            if not line:
                raise WorkerGoneError("it ended")
            try:
                told = json.loads(line)
            except ValueError:
                log.warning("whatsapp_worker_line_unreadable")
                continue
            if isinstance(told, dict):
                return told

    @staticmethod
    def _settle(future: asyncio.Future[Fields], line: Fields) -> None:
        if future.done():
            return
        if "error" in line:
            error = line["error"]
            future.set_exception(RefusedError(str(error["code"]), str(error["detail"])))
        else:
            future.set_result(dict(line.get("ok") or {}))
