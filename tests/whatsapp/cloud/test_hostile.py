"""Whatever anybody writes into a webhook: at worst it is malformed, never an exception."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.adapters.whatsapp.cloud.content import digest_of
from helpdesk.adapters.whatsapp.cloud.hostile import MalformedError
from helpdesk.adapters.whatsapp.cloud.webhook import hear
from helpdesk.domain.bridge import InboundMessage
from tests.support.clock import NOON
from tests.whatsapp.cloud.payloads import ANA, MESSAGES, Known, a_message, body, of_messages


@pytest.mark.parametrize(
    "wrong", [b"", b"{", b"[]", b"\xff\xfe", b"{}", b'{"object":"page","entry":[]}', b"[" * 100_000]
)
def test_what_is_no_webhook_is_refused_with_a_reason(wrong: bytes) -> None:
    with pytest.raises(MalformedError) as refused:
        hear(wrong, Known(), at=NOON)
    assert str(refused.value)


HOSTILE = ["A" * 65_536, "\u202egpj.exe", "a\0b", "\ud83d", "🧨" * 5000, "<script>x</script>"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_and_names_come_through_harmless(text: str) -> None:
    contacts = [{"profile": {"name": text}, "wa_id": ANA}]
    for kind in ("text", "document"):
        about = {"body": text, "id": "1", "filename": f"{text}.pdf", "caption": text}
        whole = of_messages(a_message(kind, **{kind: about}), contacts=contacts)
        [[it]] = [found.reports for found in hear(body(whole), Known(), at=NOON)]
        assert isinstance(it, InboundMessage)
        told = f"{it.sender_name}{it.content.text}{it.source.name if it.source else ''}"
        assert "\0" not in told
        told.encode()  # no lone surrogate is left
        assert len(it.sender_name) <= 300
        assert "\u202e" not in it.sender_name + (it.source.name if it.source else "")


def test_a_card_of_ten_megabytes_is_cut() -> None:
    card = {"name": {"formatted_name": "N" * 1000}, "phones": [{"phone": "1" * 100}] * 90_000}
    whole = of_messages(a_message("contacts", contacts=[card]))
    [[it]] = [found.reports for found in hear(body(whole), Known(), at=NOON)]
    assert isinstance(it, InboundMessage)
    [only] = it.content.contacts
    assert (len(only.name), len(only.phones)) == (300, 20)


def test_digests_are_read_in_both_spellings() -> None:
    assert digest_of("AB" * 32) == "ab" * 32
    assert digest_of("q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=") == "ab" * 32
    assert [digest_of(it) for it in ("", "xyz", "YWJj")] == [None, None, None]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def mutated(it: Any, draw: Any) -> Any:
    """Put something else somewhere into a payload."""
    if isinstance(it, dict) and it and draw(st.booleans()):
        name = draw(st.sampled_from(sorted(it)))
        return it | {name: mutated(it[name], draw)}
    if isinstance(it, list) and it and draw(st.booleans()):
        place = draw(st.integers(0, len(it) - 1))
        return [*it[:place], mutated(it[place], draw), *it[place + 1 :]]
    return draw(JSON)


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(sorted(MESSAGES)))
def test_no_payload_whatever_is_in_it_is_more_than_malformed(data: Any, kind: str) -> None:
    whole = mutated(of_messages(a_message(kind)), data.draw)
    try:
        found = hear(json.dumps(whole).encode(), Known(), at=NOON)
    except MalformedError:
        return
    for it in found:
        for report in it.reports:
            assert report.key


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_are_more_than_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        hear(raw, Known(), at=NOON)
