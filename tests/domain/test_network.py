"""The link of the simulated number."""

from datetime import timedelta
from uuid import UUID

import pytest

from helpdesk.domain.errors import InvalidError, UnavailableError
from helpdesk.domain.ids import SessionId
from helpdesk.domain.network import Network, NotScannableError
from helpdesk.domain.session import SessionState
from tests.support.clock import NOON, after


def test_the_state_follows_the_link_the_network_and_the_code() -> None:
    linked = Network()
    off = linked.adjust(network=False)
    unlinked = off.unlink("test")
    coded = unlinked.issue("secret", at=NOON)
    scanned = coded.scan()
    banned = linked.adjust(banned=True)
    assert [it.state for it in (linked, off, unlinked, coded, scanned, banned)] == [
        SessionState.CONNECTED,
        SessionState.DISCONNECTED,
        SessionState.LOGGED_OUT,
        SessionState.QR,
        SessionState.DISCONNECTED,
        SessionState.BANNED,
    ]
    whys = [it.why for it in (linked, unlinked, scanned, banned)]
    assert whys == ["", "test", "the simulated network is off", "the simulator was told to ban it"]


def test_messages_pass_only_while_connected() -> None:
    Network().must_be_up()
    with pytest.raises(UnavailableError):
        Network().adjust(network=False).must_be_up()


def test_unlinking_keeps_its_first_reason_until_the_next_scan() -> None:
    it = Network().unlink("first").unlink("second")
    assert it.reason == "first"
    assert it.issue("secret", at=NOON).scan().reason == ""


def test_a_code_is_replaced_when_it_has_expired() -> None:
    first = Network().unlink("test").issue("1", at=NOON)
    assert first.issue("2", at=after(seconds=19)) is first
    second = first.issue("2", at=after(seconds=20))
    assert first.qr
    assert second.qr
    assert (second.qr.text, second.qr.attempt) == ("2", 2)
    assert second.qr.expires_at - first.qr.expires_at == timedelta(seconds=20)


def test_a_linked_number_shows_no_code_and_needs_no_scan() -> None:
    it = Network()
    assert it.issue("secret", at=NOON) is it
    with pytest.raises(NotScannableError):
        it.scan()


def test_troubles_are_used_up_and_not_below_zero() -> None:
    it = Network().adjust(fail_next=1, duplicate_next=1)
    it = it.refuse_one().disturb_one()
    assert it == Network() == it.refuse_one().disturb_one()


@pytest.mark.parametrize("field", ["fail_next", "duplicate_next", "reorder_next", "latency_ms"])
def test_a_switch_has_a_range(field: str) -> None:
    for value in (-1, 60_001):
        with pytest.raises(InvalidError) as refusal:
            Network().adjust(**{field: value})  # type: ignore[arg-type]  # network is a bool
        assert refusal.value.field == field


def test_the_bridge_that_came_last_holds_the_number() -> None:
    assert Network().hold(SessionId(UUID(int=1))).session_id == SessionId(UUID(int=1))
