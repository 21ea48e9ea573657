"""What documents have of each kind of event: no text unless it is asked for, and then no more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import msgspec
import pytest

from helpdesk.adapters.firebase.documents import Written, documents_of
from helpdesk.adapters.http.payloads import payload_of
from helpdesk.adapters.wire.events import name_of
from helpdesk.domain.change import Event
from helpdesk.domain.message import Content, Kind, MessageEvent, MessageReceived
from helpdesk.domain.visibility import audience_of
from helpdesk.ports.feed import FeedItem
from helpdesk.ports.outbox import Envelope
from tests.http.test_payloads import MEMBERS
from tests.support.builders import an_attendance, fresh, received
from tests.support.wire import examples

KEEP: Final = timedelta(hours=48)
TOLD: Final = [it for it in examples().values() if name_of(it) in MEMBERS]
# What those who use the examples could read of somebody.
TEXTS: Final = ("Ol", "linha", "Rita", "Veja", "foto", "+55", "5511", "wamid", "João", "https:")
OTHERS: Final[dict[str, Any]] = {"media": None, "location": None, "contacts": [], "template": None}


def documents(event: Event, **options: Any) -> list[Written]:
    envelope = Envelope(id=fresh(), event=event, correlation="")
    item = FeedItem(cursor=7, envelope=envelope, audience=audience_of(event))
    return [*documents_of(item, keep=KEEP, **options)]


def heard(content: Content, **more: Any) -> MessageReceived:
    attendance, message = received(an_attendance().state, "?")
    changed = replace(message.state, content=content, **more)
    return MessageReceived(at=changed.at, attendance=attendance.state, message=changed)


def text_in(event: Event) -> str | None:
    [payload, *others] = [it.content["payload"] for it in documents(event, text=True)]
    assert all(it == payload for it in others)
    found: str | None = payload["message"].get("text")
    return found


@pytest.mark.parametrize("event", TOLD, ids=name_of)
def test_by_itself_no_document_has_a_text_or_an_address(event: Event) -> None:
    for it in documents(event):
        said = str(it.content)
        assert [text for text in TEXTS if text in said] == []
        assert "text" not in it.content["payload"].get("message", {})
        assert it.content["expires_at"] == event.at + KEEP


@pytest.mark.parametrize("event", TOLD, ids=name_of)
def test_asked_for_it_is_that_of_a_message_and_nothing_else(event: Event) -> None:
    for bare, full in zip(documents(event), documents(event, text=True), strict=True):
        if isinstance(event, MessageEvent):
            full.content["payload"]["message"].pop("text", None)
        assert bare.content["payload"] == full.content["payload"]


def test_with_its_text_a_message_is_whole() -> None:
    """The dashboard then asks the API for nothing."""
    event = heard(Content(kind=Kind.TEXT, text="Olá"))
    [document, *_] = documents(event, text=True)
    told = document.content["payload"]["message"]
    feed = msgspec.json.decode(msgspec.json.encode(payload_of(event)))["message"]
    added = {**OTHERS, "failure": None, "reactions": []}
    assert {**added, **told, "at": None} == {**feed, "at": None}


def test_a_message_that_has_more_than_its_text_leaves_it_to_the_api() -> None:
    assert text_in(heard(Content(kind=Kind.TEXT, text="ç" * 4096))) == "ç" * 4096
    assert text_in(heard(Content(kind=Kind.TEXT, text="ç" * 4097))) is None
    assert text_in(heard(Content(kind=Kind.UNSUPPORTED, text="poll"))) is None
    revoked = heard(Content(kind=Kind.TEXT, text=""))
    gone = replace(revoked.message, revoked_at=revoked.at)
    assert text_in(replace(revoked, message=gone)) is None
