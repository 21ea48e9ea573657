"""From the outbox to the feed: all of it, in order, once."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.message import MessageReceived
from helpdesk.domain.usecases import relay_outbox
from helpdesk.domain.usecases.relay_outbox import BATCH, BEAT, RUSH, RUSH_BEAT
from helpdesk.ports.feed import FeedItem
from helpdesk.ports.outbox import Destination
from tests.support.team import Firm
from tests.support.waiting import soon


async def receive(firm: Firm, *texts: str) -> None:
    for it in texts:
        await firm.cases.receive_message()(firm.report(text=it))


async def pushed(firm: Firm) -> list[FeedItem]:
    """Everything on the feed so far."""
    head, items = await firm.feed.head(), list[FeedItem]()
    if head:
        async for it in firm.feed.follow(0):
            items.append(it)
            if it.cursor == head:
                break
    return items


def texts(items: list[FeedItem]) -> list[str]:
    events = [it.envelope.event for it in items]
    return [it.message.content.text for it in events if isinstance(it, MessageReceived)]


async def test_what_was_committed_is_pushed_in_order_and_settled(firm: Firm) -> None:
    await receive(firm, *map(str, range(BATCH + 50)))
    relay = firm.cases.relay_to_feed()
    sizes = [await relay.once() for _ in range(3)]
    assert sizes[0] == BATCH
    assert sizes[-1] == 0
    assert texts(await pushed(firm)) == [str(n) for n in range(BATCH + 50)]


async def test_a_crash_between_push_and_settle_doubles_nothing(firm: Firm) -> None:
    await receive(firm, "1", "2")

    class Killed:
        """The outbox of a process that dies before it settles."""

        def __getattr__(self, name: str) -> Any:
            return getattr(firm.outbox, name)

        async def settle(self, _positions: object) -> None:
            raise UnavailableError

    outbox: Any = Killed()
    with pytest.raises(UnavailableError):
        await replace(firm.cases.relay_to_feed(), outbox=outbox).once()
    await firm.cases.relay_to_feed().once()
    assert texts(await pushed(firm)) == ["1", "2"]


async def test_what_follows_is_pushed_before_what_was_pushed_is_settled(firm: Firm) -> None:
    settling, go_on = asyncio.Event(), asyncio.Event()

    class Slow:
        """An outbox that takes its time to forget."""

        def __getattr__(self, name: str) -> Any:
            return getattr(firm.outbox, name)

        async def settle(self, positions: Sequence[int]) -> None:
            settling.set()
            await go_on.wait()
            await firm.outbox.settle(positions)

    outbox: Any = Slow()
    relaying = asyncio.create_task(replace(firm.cases.relay_to_feed(), outbox=outbox)())
    async with asyncio.timeout(60):
        await receive(firm, "1")
        await settling.wait()
        await receive(firm, *map(str, range(2, BATCH + 50)))
        while len(texts(await pushed(firm))) < BATCH // 3:
            await asyncio.sleep(0.01)
        assert (await firm.outbox.depth())[Destination.FEED][0]
        go_on.set()
        while (await firm.outbox.depth())[Destination.FEED][0]:
            await asyncio.sleep(0.01)
    relaying.cancel()
    await asyncio.gather(relaying, return_exceptions=True)
    assert texts(await pushed(firm)) == [str(n) for n in range(1, BATCH + 50)]


async def test_trouble_with_the_outbox_is_told_as_it_is(firm: Firm) -> None:
    await receive(firm, "1")

    class Lost:
        """An outbox whose lead was lost."""

        def __getattr__(self, name: str) -> Any:
            return getattr(firm.outbox, name)

        async def settle(self, _positions: object) -> None:
            raise UnavailableError("the lead was lost")

    outbox: Any = Lost()
    with pytest.raises(UnavailableError, match="the lead was lost"):
        await soon(replace(firm.cases.relay_to_feed(), outbox=outbox)())


async def test_commands_never_reach_a_dashboard(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    await firm.cases.send_reply()(it.id, by=firm.office.ana, text="Oi")
    await firm.cases.relay_to_feed().once()
    assert {type(it.envelope.event).__name__ for it in await pushed(firm)} & {
        "ReplyQueued"
    } == set()
    assert (await firm.outbox.depth())[Destination.BROKER][0] == 1


async def test_it_runs_until_it_is_cancelled_and_wakes_for_what_is_new(firm: Firm) -> None:
    relaying = asyncio.create_task(firm.cases.relay_to_feed()())
    await receive(firm, "1")
    async with asyncio.timeout(60):
        while texts(await pushed(firm)) != ["1"]:
            await asyncio.sleep(0.01)
        await receive(firm, "2")
        while texts(await pushed(firm)) != ["1", "2"]:
            await asyncio.sleep(0.01)
    relaying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await relaying


async def test_two_relays_at_once_double_nothing_and_keep_the_order(firm: Firm) -> None:
    relays = [asyncio.create_task(firm.cases.relay_to_feed()()) for _ in range(2)]
    await receive(firm, *map(str, range(100)))
    async with asyncio.timeout(60):
        while (await firm.outbox.depth())[Destination.FEED][0]:
            await asyncio.sleep(0.01)
    for it in relays:
        it.cancel()
    await asyncio.gather(*relays, return_exceptions=True)
    assert texts(await pushed(firm)) == [str(n) for n in range(100)]


async def test_the_beat_is_slower_in_a_rush_and_as_before_after_it(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats, over = list[float](), asyncio.Event()

    class Noted:
        """A rhythm without waiting; so many messages come before each of its beats."""

        comes = iter([int(RUSH * BEAT) + 2, int(RUSH * RUSH_BEAT) - 5, 0])

        async def __call__(self, beat: float) -> None:
            beats.append(beat)
            count = next(self.comes, None)
            if count is None:
                over.set()
                await asyncio.Event().wait()
            await receive(firm, *map(str, range(count or 0)))

    await firm.cases.relay_to_feed().once()
    monkeypatch.setattr(relay_outbox, "Rhythm", Noted)
    monkeypatch.setattr(relay_outbox, "IDLE_WAIT", 0.01)
    relaying = asyncio.create_task(firm.cases.relay_to_feed()())
    await soon(over.wait())
    relaying.cancel()
    await asyncio.gather(relaying, return_exceptions=True)
    assert beats == [BEAT, RUSH_BEAT, BEAT, BEAT]
