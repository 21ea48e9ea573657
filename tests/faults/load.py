"""People who write and attendants who answer, whatever happens to the server.

Everybody notes what they were told: an answer of 201 is a promise.  Half of them try again, with
the same key, until they get one; the other half go on to their next message, and cannot say of the
former whether it was taken.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp

from tests.faults.ledger import Ledger
from tests.support.desk import Desk, Json, Phone, Visitor
from tests.support.refused import RefusedError

TROUBLE: Final = (aiohttp.ClientError, OSError, TimeoutError)
PAUSE: Final = 0.05  # seconds before the next try
PEOPLE: Final = 8


@dataclass(slots=True)
class Load:
    desk: Desk
    phones: list[Phone]
    chance: random.Random
    written: dict[str, Ledger] = field(default_factory=dict)  # by the phone's number
    replied: dict[str, Ledger] = field(default_factory=dict)
    refusals: list[RefusedError] = field(default_factory=list)  # 503, while something was broken
    closed: int = 0
    _over: bool = False

    @property
    def promises(self) -> int:
        return sum(len(it.promised) for it in (*self.written.values(), *self.replied.values()))

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """Keep everybody busy inside the block; leaving waits for their last answers."""
        self._over = False
        async with asyncio.TaskGroup() as group:
            for number, phone in enumerate(self.phones):
                group.create_task(self._write(phone, insists=number % 2 == 0))
                group.create_task(self._answer(phone, insists=number % 4 < 2))
            group.create_task(self._close())
            try:
                yield
            finally:
                self._over = True

    async def _write(self, phone: Phone, *, insists: bool) -> None:
        ledger = self.written.setdefault(phone.number, Ledger())
        while not self._over:
            text = f"{phone.number} says {len(ledger)}"
            await self._send(ledger, text, insists, lambda it: phone.writes(it, key=it))
            await asyncio.sleep(self.chance.uniform(0, 0.1))

    async def _answer(self, phone: Phone, *, insists: bool) -> None:
        ledger = self.replied.setdefault(phone.number, Ledger())
        while not self._over:
            attendance = await self._open_one(phone)
            if attendance is None:
                await asyncio.sleep(PAUSE)
                continue
            text = f"answer {len(ledger)} to {phone.number}"
            reply = self._replying(attendance)
            await self._send(ledger, text, insists, reply)
            await asyncio.sleep(self.chance.uniform(0, 0.15))

    def _replying(self, attendance: str) -> Callable[[str], Awaitable[Json]]:
        return lambda it: self.desk.reply(attendance, it, key=it)

    async def _send(
        self, ledger: Ledger, text: str, insists: bool, send: Callable[[str], Awaitable[Json]]
    ) -> None:
        """Send until it is promised or refused; once, when the sender does not insist."""
        while True:
            try:
                await send(text)
            except RefusedError as refused:
                if refused.status == 409:
                    ledger.refused.add(text)
                    return
                self._must_be_patient(refused)
            except TROUBLE:
                pass
            else:
                ledger.promised.append(text)
                return
            if not insists:
                ledger.unsure.add(text)
                return
            await asyncio.sleep(PAUSE)

    def _must_be_patient(self, refused: RefusedError) -> None:
        assert refused.status == 503, refused
        assert refused.retry_after, refused
        self.refusals.append(refused)

    async def _open_one(self, phone: Phone) -> str | None:
        with suppress(*TROUBLE):
            try:
                shown = await self.desk.get("/v1/attendances", status="open", limit=100)
            except RefusedError as refused:
                self._must_be_patient(refused)
            else:
                return next((it["id"] for it in shown["items"] if _is_of(it, phone)), None)
        return None

    async def _close(self) -> None:
        """Close one of theirs now and then, so that others are opened."""
        theirs = {it.number for it in self.phones}
        while not self._over:
            await asyncio.sleep(self.chance.uniform(0.1, 0.6))
            with suppress(RefusedError, *TROUBLE):
                shown = await self.desk.get("/v1/attendances", status="active", limit=100)
                shown = [it for it in shown["items"] if it["client"]["phone"] in theirs]
                if shown:
                    chosen = self.chance.choice(shown)
                    await self.desk.does(chosen["id"], "close")
                    self.closed += 1


def _is_of(attendance: Json, phone: Phone) -> bool:
    found: bool = attendance["client"]["phone"] == phone.number
    return found


async def load_of(visitor: Visitor, seed: int) -> Load:
    phones = [visitor.phone(f"+551130000{n:03}") for n in range(PEOPLE)]
    return Load(await visitor.desk(), phones, random.Random(seed))


@dataclass(slots=True)
class Witness:
    """A dashboard that connects again whenever it was cut off, with the last cursor it had."""

    desk: Desk
    cursor: str = ""
    events: list[Json] = field(default_factory=list)
    connections: int = 0
    hears: Callable[[Json], None] = lambda _: None  # each event, as it comes

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Follow inside the block, from now on."""
        async with self.desk.feed() as feed:
            self.cursor = feed.cursor
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert task.cancelled(), task.exception()

    async def _watch(self) -> None:
        while True:
            with suppress(RefusedError, *TROUBLE):
                async with self.desk.feed(since=self.cursor) as feed:
                    self.connections += 1
                    while True:
                        frame = await feed.next_frame()
                        assert frame["type"] != "resync", "it was not away for so long"
                        self.cursor = feed.cursor
                        if frame["type"] == "event":
                            self.events.append(frame)
                            self.hears(frame)
            await asyncio.sleep(PAUSE)

    def heard(self) -> set[str]:
        """What people wrote, as far as it was told."""
        heard = (it for it in self.events if it["event"] == "message.received.v1")
        return {it["payload"]["message"]["text"] for it in heard}

    def told(self) -> list[str]:
        """The ids of the messages it was told of, as new ones."""
        heard = ("message.received.v1", "message.written.v1")
        return [it["payload"]["message"]["id"] for it in self.events if it["event"] in heard]

    def delivery(self) -> dict[str, Any]:
        """What it was last told of each reply's delivery."""
        changed = (it for it in self.events if it["event"] == "message.delivery_changed.v1")
        messages = (it["payload"]["message"] for it in changed)
        return {it["id"]: it["delivery"] for it in messages}
