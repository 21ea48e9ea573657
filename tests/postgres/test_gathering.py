"""Questions that are asked together: each gets its own answer, none an old one."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import pytest

from helpdesk.adapters.postgres.gathering import Gathering
from helpdesk.domain.errors import UnavailableError
from tests.support.waiting import soon


class Oracle:
    """Answers with the number of the asking, when it is let."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.open = asyncio.Event()
        self.broken = False
        self.gathering = Gathering(self.ask)

    async def ask(self, keys: Sequence[str]) -> dict[str, int]:
        self.asked.append(sorted(keys))
        await self.open.wait()
        if self.broken:
            raise UnavailableError("The database does not answer.")
        return {it: len(self.asked) for it in keys if it != "unknown"}

    def find(self, key: str) -> "asyncio.Task[int | None]":
        return asyncio.create_task(self.gathering.find(key))

    async def until_asked(self, times: int) -> None:
        while len(self.asked) < times:
            await asyncio.sleep(0)


async def test_questions_that_come_meanwhile_are_asked_together() -> None:
    oracle = Oracle()
    first = oracle.find("a")
    await oracle.until_asked(1)
    others = [oracle.find(it) for it in ("b", "c", "b", "unknown", "a")]
    await asyncio.sleep(0)
    oracle.open.set()
    assert await soon(asyncio.gather(first, *others)) == [1, 2, 2, 2, None, 2]
    assert oracle.asked == [["a"], ["a", "b", "c", "unknown"]]


async def test_an_error_reaches_all_who_asked_and_ends_nothing() -> None:
    oracle = Oracle()
    oracle.broken = True
    oracle.open.set()
    for failed in await asyncio.gather(oracle.find("a"), oracle.find("b"), return_exceptions=True):
        assert isinstance(failed, UnavailableError)
    oracle.broken = False
    assert await soon(oracle.find("a")) == len(oracle.asked)


async def test_who_leaves_takes_nobodys_answer_along() -> None:
    oracle = Oracle()
    leaving, staying = oracle.find("a"), oracle.find("a")
    await oracle.until_asked(1)
    leaving.cancel()
    with suppress(asyncio.CancelledError):
        await leaving
    oracle.open.set()
    assert await soon(staying) == 1


async def test_nobody_waits_for_ever_when_the_asking_is_cancelled() -> None:
    async def never(_keys: Sequence[str]) -> dict[str, int]:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await soon(Gathering(never).find("a"))
