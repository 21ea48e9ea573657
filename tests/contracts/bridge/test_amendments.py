"""Reactions, edits and revocations, both ways, and what a bridge that cannot do them answers."""

from collections.abc import Awaitable, Callable

import pytest

from helpdesk.domain.bridge import InboundMessage, Outcome, SendResult, StateReported
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.report import EditReported, ReactionReported, RevokeReported
from helpdesk.domain.session import NotCapableError
from tests.support.phone_peer import AmendingPeer, PhonePeer, Sink, able, running
from tests.support.phones import ANA, reply


async def test_a_client_s_reaction_and_its_removal_are_told(peer: PhonePeer, sink: Sink) -> None:
    peer = amending(peer)
    async with running(peer.bridge(), sink) as bridge:
        able(bridge, reactions=True)
        await sink.has(StateReported)
        sent = await bridge.send(reply())
        assert sent.provider_id
        await peer.react(sent.provider_id, "👍🏽")
        await sink.has(ReactionReported)
        await peer.react(sent.provider_id, "")
        put, gone = await sink.has(ReactionReported, 2)
    assert (put.provider_id, put.sender, put.emoji) == (sent.provider_id, (ANA,), "👍🏽")
    assert (gone.provider_id, gone.emoji) == (sent.provider_id, "")


async def test_the_client_sees_our_reaction(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink) as bridge:
        able(bridge, reactions=True)
        await sink.has(StateReported)
        id = await peer.say("obrigada")
        await sink.has(InboundMessage)
        for _ in range(2):
            assert (await bridge.react(ANA, id, "🙏")).outcome is Outcome.ACCEPTED
        assert [it.reaction for it in await peer.screen()] == ["🙏"]
        await bridge.react(ANA, id, "")
        assert [it.reaction for it in await peer.screen()] == [""]


async def test_what_a_client_edits_and_takes_back_is_told_after_it(
    peer: PhonePeer, sink: Sink
) -> None:
    peer = amending(peer)
    async with running(peer.bridge(), sink):
        id = await peer.say("ola")
        await sink.has(InboundMessage)
        await peer.edit(id, "olá")
        [edit] = await sink.has(EditReported)
        await peer.revoke(id)
        [revocation] = await sink.has(RevokeReported)
    assert (edit.provider_id, edit.text, edit.sender) == (id, "olá", (ANA,))
    assert (revocation.provider_id, revocation.sender) == (id, (ANA,))


async def test_the_client_sees_what_we_edit_and_take_back(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink) as bridge:
        able(bridge, edit=True, revoke=True)
        await sink.has(StateReported)
        sent = await bridge.send(reply("ola"))
        assert sent.provider_id
        assert (await bridge.edit(ANA, sent.provider_id, "olá")).outcome is Outcome.ACCEPTED
        [seen] = await peer.screen()
        assert (seen.text, seen.edited) == ("olá", True)
        assert (await bridge.revoke(ANA, sent.provider_id)).outcome is Outcome.ACCEPTED
        [seen] = await peer.screen()
        assert (seen.text, seen.revoked) == ("", True)


async def test_a_message_that_is_not_ours_cannot_be_changed(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink) as bridge:
        able(bridge, edit=True, revoke=True)
        id = await peer.say("minha")
        await sink.has(InboundMessage)
        for result in (await bridge.edit(ANA, id, "nossa"), await bridge.revoke(ANA, "none")):
            assert (result.outcome, bool(result.failure)) == (Outcome.REJECTED, True)
        assert [it.text for it in await peer.screen()] == ["minha"]


async def test_while_the_network_is_down_nothing_is_changed(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink) as bridge:
        able(bridge, reactions=True)
        id = await peer.say("oi")
        await sink.has(InboundMessage)
        await peer.drop_network()
        await sink.has(StateReported, 2)
        with pytest.raises(UnavailableError):
            await bridge.react(ANA, id, "👍")


async def test_what_a_bridge_cannot_do_it_refuses(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        can = bridge.capabilities
        verbs: list[tuple[bool, Callable[[], Awaitable[SendResult | None]]]] = [
            (can.reactions, lambda: bridge.react(ANA, "id", "👍")),
            (can.edit, lambda: bridge.edit(ANA, "id", "text")),
            (can.revoke, lambda: bridge.revoke(ANA, "id")),
            (can.pair_code, lambda: bridge.request_pair_code("+5511900000000")),
        ]
        for possible, verb in verbs:
            if not possible:
                with pytest.raises(NotCapableError):
                    await verb()


def amending(peer: PhonePeer) -> AmendingPeer:
    """Leave the scenario out where phones cannot be made to change anything."""
    if not isinstance(peer, AmendingPeer):
        pytest.skip("this peer's phones change nothing")
    return peer
