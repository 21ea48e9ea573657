"""What every bridge does with what the helpdesk writes."""

import asyncio

import pytest

from helpdesk.domain.bridge import (
    InboundMessage,
    Outcome,
    StateReported,
    StatusReported,
)
from helpdesk.domain.identity import Identity, Scheme
from helpdesk.domain.message import Delivery
from tests.support.phone_peer import (
    PhonePeer,
    Seen,
    Sink,
    eventually,
    running,
    ticks,
)
from tests.support.phones import ANA, BIA, reply


def statuses(sink: Sink) -> list[Delivery]:
    return [it.delivery for it in sink.of(StatusReported)]


async def test_a_reply_is_delivered_and_read(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        answer = reply("bom dia")
        result = await bridge.send(answer)
        assert result.outcome is Outcome.ACCEPTED
        assert await peer.screen() == [Seen("bom dia", "delivered")]
        await sink.until(lambda: statuses(sink)[-1:] == [Delivery.DELIVERED])
        await peer.read()
        await sink.until(lambda: statuses(sink)[-1:] == [Delivery.READ])
    assert {it.provider_id for it in sink.of(StatusReported)} == {result.provider_id}


async def test_a_preset_id_is_sent_once(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink) as bridge:
        if not bridge.capabilities.preset_message_id:
            pytest.skip("the bridge takes no preset ids")
        answer = reply()
        first, second = await bridge.send(answer), await bridge.send(answer)
    assert first == second
    assert first.provider_id == str(answer.message_id)
    assert len(await peer.screen()) == 1


async def test_a_reply_may_quote_the_client(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        quoted = await peer.say("?")
        await bridge.send(reply("!", quote=quoted))
    assert [(it.text, it.quote) for it in await peer.screen()] == [("?", None), ("!", quoted)]


async def test_a_refused_reply_says_so_and_can_be_sent_again(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        await peer.fail_next(1)
        answer = reply()
        refused, retried = await bridge.send(answer), await bridge.send(answer)
    assert (refused.outcome, retried.outcome) == (Outcome.REJECTED, Outcome.ACCEPTED)
    assert refused.failure
    assert refused.failure.code == "recipient_unreachable"


async def test_who_is_not_on_whatsapp_cannot_be_reached(peer: PhonePeer, sink: Sink) -> None:
    await peer.set_missing(BIA)
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        missing = await bridge.send(reply(to=BIA))
        stranger = await bridge.send(reply(to=Identity(Scheme.BSUID, "BR.1502")))
    assert [missing.outcome, stranger.outcome] == [Outcome.REJECTED, Outcome.REJECTED]


async def test_a_slow_network_delays_both_ways(peer: PhonePeer, sink: Sink) -> None:
    loop = asyncio.get_running_loop()
    await peer.set_latency(100)
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        began = loop.time()
        await peer.say("oi")
        await sink.has(InboundMessage)
        heard = loop.time()
        await bridge.send(reply())
        sent = loop.time()
    assert heard - began >= 0.1
    assert sent - heard >= 0.1


async def test_the_client_sees_what_was_read_and_that_somebody_types(
    peer: PhonePeer, sink: Sink
) -> None:
    async with running(peer.bridge(), sink) as bridge:
        first = await peer.say("1")
        await peer.say("2")
        await sink.has(InboundMessage, 2)

        async def acknowledged() -> bool:
            return await ticks(peer) == ["delivered", "delivered"]

        await eventually(acknowledged)
        await bridge.mark_read(ANA, first)
        await bridge.set_typing(ANA)
        # Some mark one message and those before it, some the whole chat.
        assert (await ticks(peer))[0] == "read"
        await eventually(peer.sees_typing)


async def test_what_we_write_is_shown_as_it_is(peer: PhonePeer, sink: Sink) -> None:
    text = " <b>olá</b>\n\u202eabc &amp; \\n ${x} 👩🏽\u200d🚒 "
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        await bridge.send(reply(text))
    assert [it.text for it in await peer.screen()] == [text]


async def test_replies_are_shown_in_the_order_in_which_they_were_sent(
    peer: PhonePeer, sink: Sink
) -> None:
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        sent = [await bridge.send(reply(text)) for text in "123"]
    assert [it.text for it in await peer.screen()] == ["1", "2", "3"]
    assert len({it.provider_id for it in sent}) == 3


async def test_a_reply_is_for_one_phone_alone(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        await bridge.send(reply("to Bia", to=BIA))
    assert [it.text for it in await peer.screen(of=BIA)] == ["to Bia"]
    assert await peer.screen() == []
