"""Very many people who write a few messages each, and attendants who answer some of them.

As in `load`, an answer of 201 is a promise; but here the work has an end.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from tests.faults.ledger import Ledger
from tests.faults.load import TROUBLE, Load, Witness
from tests.support.desk import Json, Phone, eventually
from tests.support.refused import RefusedError

ANSWERERS: Final = 8
ANSWERED: Final = 0.5  # of what people write
CLOSED: Final = 0.05  # of what was answered
PATIENCE: Final = 300.0  # seconds until the last was told


@dataclass(slots=True)
class Crowd(Load):
    """`witness` is a dashboard: whoever answers learns from it that somebody wrote."""

    witness: Witness | None = None
    messages: int = 10  # of each person
    at_once: int = 40  # people who write
    heard: "asyncio.Queue[Json | None]" = field(default_factory=asyncio.Queue)
    _turns: defaultdict[str, asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock)
    )

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        """Answer inside the block; leaving waits until everything heard by then is answered."""
        assert self.witness
        self.witness.hears = self._hear
        async with asyncio.TaskGroup() as group:
            for _ in range(ANSWERERS):
                group.create_task(self._answer_all())
            yield
            await self.told_all()
            for _ in range(ANSWERERS):
                self.heard.put_nowait(None)

    async def told_all(self) -> None:
        """Wait until the dashboard was told of everything that people were promised."""
        assert self.witness
        witness = self.witness
        promised = {it for ledger in self.written.values() for it in ledger.promised}

        async def missing() -> int:
            return len(promised - witness.heard())

        await eventually(missing, lambda it: not it, patience=PATIENCE)

    async def write_all(self) -> None:
        """Let everybody write everything, in their own order, and return when all is taken."""
        turns = [it for it in range(len(self.phones)) for _ in range(self.messages)]
        self.chance.shuffle(turns)
        left = iter(turns)

        async def write() -> None:
            for number in left:
                await self._write_next(self.phones[number], insists=number % 2 == 0)

        async with asyncio.TaskGroup() as group:
            for _ in range(self.at_once):
                group.create_task(write())

    async def _write_next(self, phone: Phone, *, insists: bool) -> None:
        ledger = self.written.setdefault(phone.number, Ledger())
        async with self._turns[phone.number]:
            text = f"{phone.number} says {len(ledger)}"
            await self._send(ledger, text, insists, lambda it: phone.writes(it, key=it))

    def _hear(self, event: Json) -> None:
        if event["event"] == "message.received.v1" and self.chance.random() < ANSWERED:
            self.heard.put_nowait(event["payload"]["message"])

    async def _answer_all(self) -> None:
        while message := await self.heard.get():
            await self._answer_once(message["attendance_id"], message["text"].split()[0])

    async def _answer_once(self, attendance: str, number: str) -> None:
        ledger = self.replied.setdefault(number, Ledger())
        async with self._turns[f"to {number}"]:
            text = f"answer {len(ledger)} to {number}"
            reply: Callable[[str], Awaitable[Json]] = self._replying(attendance)
            await self._send(ledger, text, len(ledger) % 2 == 0, reply)
            if self.chance.random() < CLOSED:
                with suppress(RefusedError, *TROUBLE):
                    await self.desk.does(attendance, "close")
                    self.closed += 1
