"""What the feed says of each kind of event."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from helpdesk.adapters.http.payloads import payload_of
from helpdesk.adapters.wire.events import NAMES, decode
from helpdesk.domain.bridge import Report
from helpdesk.domain.change import Command
from helpdesk.domain.session import SessionChanged

GOLDEN: Final = Path(__file__).parents[1] / "contracts/golden"
BY: Final = {"attendance", "by"}
MOVED: Final = {*BY, "previous_attendant_id"}
MEMBERS: Final = {
    "attendance.opened.v1": BY,
    "attendance.assigned.v1": MOVED,
    "attendance.transferred.v1": {*MOVED, "previous_sector_id", "reason"},
    "attendance.released.v1": MOVED,
    "attendance.closed.v1": {*BY, "reason"},
    "attendance.read.v1": {"attendance"},
    "attendance.neglected.v1": {"attendance"},
    "attendance.rated.v1": {"attendance", "score"},
    "message.received.v1": {"attendance", "message"},
    "message.written.v1": {"attendance", "message"},
    "message.delivery_changed.v1": {"attendance", "message"},
    "message.media_changed.v1": {"attendance", "message"},
    "message.reacted.v1": {"attendance", "message"},
    "message.edited.v1": {"attendance", "message"},
    "message.revoked.v1": {"attendance", "message"},
    "message.quote_found.v1": {"attendance", "message"},
    "message.amendment_refused.v1": {"attendance", "message", "verb", "failure", "by"},
    "client.changed.v1": {"client_id"},
    "client.merged.v1": {"client_id", "merged_id", "by"},
    "client.typing.v1": {"attendance_id", "typing"},
    "session.changed.v1": {"session_id", "state", "reason", "since", "until"},
    "session.qr_issued.v1": {"session_id", "attempt"},
    "session.pair_code_issued.v1": {"session_id", "expires_at"},
    "attendant.presence_changed.v1": {"attendant_id", "online", "away"},
    "team.changed.v1": set(),
}


@pytest.mark.parametrize("name", MEMBERS)
def test_a_payload_has_the_members_that_were_agreed(name: str) -> None:
    shown: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(payload_of(example(name))))
    assert set(shown) == MEMBERS[name]
    assert "+55" not in str(shown)  # an attendance's address is nobody's business here


def test_every_event_for_dashboards_is_agreed() -> None:
    told = {name for name, kind in NAMES.items() if not issubclass(kind, Command | Report)}
    assert told == set(MEMBERS)


def test_no_reason_is_null() -> None:
    event = example("session.changed.v1")
    assert isinstance(event, SessionChanged)
    assert payload_of(replace(event, reason=""))["reason"] is None


def example(name: str) -> Any:
    return decode(name, (GOLDEN / f"{name}.json").read_bytes())
