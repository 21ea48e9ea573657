"""How a bridge is linked to its number, and tells so."""

import pytest
from structlog.testing import capture_logs

from helpdesk.domain.bridge import (
    InboundMessage,
    Outcome,
    QrReported,
    StateReported,
)
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.session import SessionState
from tests.support.clock import NOON, StoppedClock
from tests.support.phone_peer import (
    SESSION,
    PhonePeer,
    Sink,
    able,
    running,
    states,
)
from tests.support.phones import reply


async def test_the_first_start_is_connected(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink):
        [report] = await sink.has(StateReported)
    assert (report.state, report.session_id, report.at) == (SessionState.CONNECTED, SESSION, NOON)
    assert report.phone


async def test_a_dropped_network_is_told_and_so_is_its_return(peer: PhonePeer, sink: Sink) -> None:
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        await peer.drop_network()
        report = (await sink.has(StateReported, 2))[-1]
        assert report.reason
        with pytest.raises(UnavailableError):
            await bridge.send(reply())
        await peer.say("meanwhile")
        await peer.restore_network()
        await sink.has(InboundMessage)
        await sink.has(StateReported, 3)
    assert states(sink) == [
        SessionState.CONNECTED,
        SessionState.DISCONNECTED,
        SessionState.CONNECTED,
    ]


async def test_an_unlinked_number_shows_a_code_until_it_is_scanned(
    peer: PhonePeer, sink: Sink
) -> None:
    able(peer.bridge(), qr=True)
    async with running(peer.bridge(), sink):
        await sink.has(StateReported)
        await peer.unlink()
        [code] = await sink.has(QrReported)
        assert (code.qr.attempt, code.qr.expires_at > NOON, bool(code.qr.text)) == (1, True, True)
        await peer.scan()
        await sink.until(lambda: len(states(sink)) == 3)
    assert states(sink) == [
        SessionState.CONNECTED,
        SessionState.LOGGED_OUT,
        SessionState.CONNECTED,
    ]
    assert sink.of(StateReported)[1].reason


async def test_a_code_that_expired_is_replaced(
    peer: PhonePeer, sink: Sink, clock: StoppedClock
) -> None:
    able(peer.bridge(), qr=True)
    async with running(peer.bridge(), sink):
        await peer.unlink()
        await sink.has(QrReported)
        clock.advance(seconds=60)
        await peer.expire_code()
        first, second = await sink.has(QrReported, 2)
    assert (first.qr.attempt, second.qr.attempt) == (1, 2)
    assert first.qr.text != second.qr.text
    assert second.qr.expires_at > first.qr.expires_at


async def test_the_helpdesk_can_unlink_itself(peer: PhonePeer, sink: Sink) -> None:
    able(peer.bridge(), logout=True, qr=True)
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        await bridge.logout()
        await sink.has(QrReported)
        with pytest.raises(UnavailableError):
            await bridge.send(reply())
    assert states(sink)[-1] is SessionState.LOGGED_OUT


async def test_a_restart_needs_no_new_scan(peer: PhonePeer, sink: Sink) -> None:
    able(peer.bridge(), qr=True)
    async with running(peer.bridge(), sink):
        await peer.unlink()
        await sink.has(QrReported)
        await peer.scan()
        await sink.until(lambda: states(sink)[-1:] == [SessionState.CONNECTED])
    again = Sink()
    async with running(peer.bridge(), again):
        await again.has(StateReported)
    assert states(again) == [SessionState.CONNECTED]


async def test_a_restart_while_unlinked_shows_the_code_again(peer: PhonePeer, sink: Sink) -> None:
    able(peer.bridge(), qr=True)
    async with running(peer.bridge(), sink):
        await peer.unlink()
        await sink.has(QrReported)
    again = Sink()
    async with running(peer.bridge(), again):
        [code] = await again.has(QrReported)
    assert states(again) == []
    assert code.qr == sink.of(QrReported)[0].qr


async def test_a_banned_number_says_so_and_sends_nothing_until_it_is_pardoned(
    peer: PhonePeer, sink: Sink
) -> None:
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        await peer.ban()
        await sink.until(lambda: states(sink)[-1] is SessionState.BANNED)
        assert sink.of(StateReported)[-1].reason
        with pytest.raises(UnavailableError):
            await bridge.send(reply("not now"))
        await peer.pardon()
        await sink.until(lambda: states(sink)[-1] is SessionState.CONNECTED)
        assert (await bridge.send(reply("again"))).outcome is Outcome.ACCEPTED
    assert [it.text for it in await peer.screen()] == ["again"]


async def test_a_state_that_could_not_be_told_is_told_again(peer: PhonePeer, sink: Sink) -> None:
    sink.failures = [UnavailableError(), ZeroDivisionError()]
    with capture_logs() as logs:
        async with running(peer.bridge(), sink):
            await sink.has(StateReported)
    assert [it["log_level"] for it in logs] == ["warning", "error"]


async def test_nothing_is_sent_twice_because_the_network_came_back(
    peer: PhonePeer, sink: Sink
) -> None:
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        await bridge.send(reply("once"))
        await peer.drop_network()
        await sink.has(StateReported, 2)
        await peer.restore_network()
        await sink.has(StateReported, 3)
        await bridge.send(reply("afterwards"))
    assert [it.text for it in await peer.screen()] == ["once", "afterwards"]
