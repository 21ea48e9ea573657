"""What webhooks tell, of every type, and that nothing anybody writes is more than a placeholder."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk.adapters.whatsapp.cloud.hostile import Json
from helpdesk.adapters.whatsapp.cloud.webhook import Heard, hear
from helpdesk.domain.bridge import InboundMessage, Report, StateReported, StatusReported
from helpdesk.domain.identity import Identity, Scheme
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import Content, Delivery, Kind
from helpdesk.domain.report import (
    AliasReported,
    EchoReported,
    EditReported,
    ReactionReported,
    RevokeReported,
)
from helpdesk.domain.session import SessionState
from tests.support.builders import fresh
from tests.support.clock import NOON
from tests.support.graph.phones import ACCOUNT, NUMBER, value, webhook
from tests.whatsapp.cloud.payloads import (
    ANA,
    MESSAGES,
    Known,
    a_message,
    body,
    of_messages,
    of_status,
)

PHONE = Identity.phone(ANA)


def heard(of: Json) -> list[Heard]:
    return hear(body(of), Known(), at=NOON)


def reports(of: Json) -> list[Report]:
    return [report for it in heard(of) for report in it.reports]


def _sender(of: Json) -> tuple[Identity, ...]:
    [report] = reports(of)
    assert isinstance(report, InboundMessage)
    return report.sender


def said(kind: str, **changes: Any) -> InboundMessage:
    [report] = reports(of_messages(a_message(kind, **changes)))
    assert isinstance(report, InboundMessage)
    return report


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_type_tells_exactly_one_thing(kind: str) -> None:
    [it] = heard(of_messages(a_message(kind)))
    assert (it.event, it.type, it.number, it.problem) == ("message", kind, NUMBER, "")
    assert len(it.reports) == 1


def test_a_text_has_its_sender_its_time_and_its_quote() -> None:
    it = said("text", context={"id": "wamid.0", "from": "x"})
    assert (it.provider_id, it.sender, it.sender_name) == ("wamid.text", (PHONE,), "Ana")
    assert it.content == Content(Kind.TEXT, "Olá")
    assert (it.sent_at, it.quote_provider_id) == (datetime(2026, 1, 1, 12, tzinfo=UTC), "wamid.0")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("button", "Sim"),
        ("interactive.button_reply", "Sim"),
        ("interactive.list_reply", "Azul\nescuro"),
        ("interactive.nfm_reply", "Sent\nnome: Ana"),
        ("order", "por favor\n2 x A1 (9.5 BRL)"),
    ],
)
def test_answers_and_orders_are_texts(kind: str, text: str) -> None:
    assert said(kind).content == Content(Kind.TEXT, text)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("image", Kind.IMAGE),
        ("video", Kind.VIDEO),
        ("document", Kind.DOCUMENT),
        ("audio", Kind.VOICE),
        ("voice", Kind.VOICE),
        ("sticker", Kind.STICKER),
    ],
)
def test_a_file_says_where_it_is_and_what_it_shall_be(kind: str, expected: Kind) -> None:
    it = said(kind)
    assert it.content.kind is expected
    assert it.source
    assert (it.source.ref, len(it.source.sha256 or "")) == ("1166", 64)


def test_places_and_cards_are_read_and_what_is_no_place_stays_visible() -> None:
    place = said("location").content.location
    assert place
    assert (place.latitude, place.name) == (-23.5, "Loja")
    [card] = said("contacts").content.contacts
    assert (card.name, card.phones) == ("Rui", ("+55 11 98888-7777",))
    nowhere = said("location", location={"latitude": 400, "name": "Loja"})
    assert nowhere.content == Content(Kind.UNSUPPORTED, "location: Loja")


@pytest.mark.parametrize("kind", ["unsupported", "unknown", "hologram"])
def test_what_is_not_known_becomes_a_visible_placeholder(kind: str) -> None:
    it = said(kind)
    assert it.content.kind is Kind.UNSUPPORTED
    assert it.content.text.startswith(kind)


def test_reactions_edits_and_revocations_are_about_another_message() -> None:
    kinds = ("reaction", "edit", "revoke")
    put, edit, revocation = reports(of_messages(*(a_message(it) for it in kinds)))
    assert isinstance(put, ReactionReported)
    assert isinstance(edit, EditReported)
    assert isinstance(revocation, RevokeReported)
    assert {it.provider_id for it in (put, edit, revocation)} == {"wamid.0"}
    assert (put.emoji, edit.text) == ("👍", "b")
    [gone] = reports(of_messages(a_message("reaction", reaction={"message_id": "wamid.0"})))
    assert isinstance(gone, ReactionReported)
    assert gone.emoji == ""


def test_who_changed_number_is_the_same_person() -> None:
    [it] = reports(of_messages(a_message("system")))
    assert isinstance(it, AliasReported)
    new = Identity.phone("5511911112222")
    assert (it.known, it.now) == ((PHONE, new), new)


def test_who_has_another_id_is_the_same_person_and_one_whose_phone_is_new_stays_so() -> None:
    changed = {"type": "user_changed_user_id", "customer": ANA, "user_id": "BR.1503"}
    [it] = reports(of_messages(a_message("system", system=changed)))
    assert isinstance(it, AliasReported)
    assert it.known == (PHONE, Identity(Scheme.BSUID, "BR.1503"))
    renewed = {"type": "customer_identity_changed", "customer": ANA, "wa_id": ANA}
    [same] = reports(of_messages(a_message("system", system=renewed)))
    assert isinstance(same, AliasReported)
    assert (same.known, same.now) == ((PHONE,), PHONE)


def test_who_has_only_a_business_scoped_id_is_known_by_it() -> None:
    bsuid = Identity(Scheme.BSUID, "BR.1502")
    both = of_messages(
        a_message("text"), contacts=[{"wa_id": ANA, "user_id": "BR.1502", "profile": {}}]
    )
    assert _sender(both) == (PHONE, bsuid)
    alone = [{"user_id": "BR.1502", "profile": {"name": "Ana", "username": "@ana"}}]
    nameless = a_message("text", **{"from": None})
    assert _sender(of_messages(nameless, contacts=alone)) == (bsuid,)
    assert _sender(of_messages(nameless | {"from_user_id": "BR.1502"}, contacts=[])) == (bsuid,)


def test_cards_of_others_are_nobody_s_in_a_batch() -> None:
    rui = a_message("text", id="wamid.rui", **{"from": "5511900001111"})
    batch = of_messages(a_message("text"), rui)
    assert [it.sender_name for it in reports(batch) if isinstance(it, InboundMessage)] == [
        "Ana",
        "",
    ]


def test_what_nobody_sent_is_a_problem_and_hides_nothing_else() -> None:
    nobody = a_message("text", **{"from": None})
    both = heard(of_messages(nobody, a_message("image"), contacts=[]))
    assert [(bool(it.problem), len(it.reports)) for it in both] == [(True, 0), (False, 1)]


def test_a_number_that_no_session_has_is_a_problem() -> None:
    foreign = json.loads(body(of_messages(a_message("text"))).replace(NUMBER.encode(), b"999"))
    [it] = heard(foreign)
    assert (it.reports, "999" in it.problem) == ((), True)


def test_every_entry_change_message_and_status_is_read() -> None:
    one = of_messages(a_message("text"), a_message("image"))
    other = of_status()
    both = one | {"entry": one["entry"] + other["entry"]}
    assert [it.type for it in heard(both)] == ["text", "image", "delivered"]


@pytest.mark.parametrize(
    ("status", "delivery"),
    [("sent", Delivery.SENT), ("delivered", Delivery.DELIVERED), ("read", Delivery.READ)],
)
def test_statuses_bring_our_own_id_back(status: str, delivery: Delivery) -> None:
    ours = MessageId(fresh())
    [it] = reports(of_status(status=status, biz_opaque_callback_data=str(ours)))
    assert isinstance(it, StatusReported)
    assert (it.provider_id, it.delivery, it.message_id) == ("wamid.ours", delivery, ours)


def test_a_failed_status_says_why() -> None:
    errors = [{"code": 131047, "title": "Re-engagement message"}]
    [it] = reports(of_status(status="failed", errors=errors))
    assert isinstance(it, StatusReported)
    assert it.failure
    assert (it.delivery, it.failure.code) == (Delivery.FAILED, "window_closed")


def test_what_our_own_phone_sent_and_who_called_is_told() -> None:
    sent = {
        "from": "5511900000000",
        "to": ANA,
        "id": "wamid.e",
        "type": "text",
        "text": {"body": "x"},
    }
    [echo] = reports(
        webhook(value(message_echoes=[sent | {"text": {"body": "x"}}]), field="smb_message_echoes")
    )
    assert isinstance(echo, EchoReported)
    assert (echo.recipient, echo.content.text) == ((PHONE,), "x")
    call = {"id": "wacid.1", "from": ANA, "event": "connect", "direction": "USER_INITIATED"}
    [rung] = reports(webhook(value(calls=[call]), field="calls"))
    assert isinstance(rung, InboundMessage)
    assert rung.content.kind is Kind.CALL
    ended = webhook(value(calls=[call | {"event": "terminate"}]), field="calls")
    assert reports(ended) == []


def test_a_disabled_account_bans_its_numbers() -> None:
    ban = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": ["DISABLE"]}}
    [it] = reports(webhook(ban, field="account_update"))
    assert isinstance(it, StateReported)
    assert it.state is SessionState.BANNED
    pardon = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": ["REINSTATE"]}}
    [it] = reports(webhook(pardon, field="account_update"))
    assert isinstance(it, StateReported)
    assert it.state is SessionState.CONNECTED
    assert reports(webhook({"event": "VERIFIED_ACCOUNT"}, field="account_update")) == []
    assert ACCOUNT


def test_an_advertisement_is_shown_with_what_was_said() -> None:
    referral = {"headline": "Promo", "source_url": "https://fb.me/1"}
    assert said("text", referral=referral).content.text == "Olá\n\nPromo\nhttps://fb.me/1"
