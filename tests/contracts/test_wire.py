"""What is on the wire stays readable: names, JSON, and the golden files of what was once sent."""

import json
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

import helpdesk.domain
from helpdesk.adapters.wire import correlation, events
from helpdesk.adapters.wire.events import UnreadableEventError
from helpdesk.domain.amendment import AmendmentEvent, AmendmentQueued, MessageAmended
from helpdesk.domain.attendance import AttendanceEvent
from helpdesk.domain.bridge import Report
from helpdesk.domain.change import Command, Event
from helpdesk.domain.message import MessageEvent, ReplyQueued
from helpdesk.domain.report import AmendmentReported
from tests.support.wire import GOLDEN, OF_TEMPLATE, examples, file_of

EXAMPLES = examples()
ABSTRACT = {
    *(Event, Command, Report, AttendanceEvent, MessageEvent),
    *(AmendmentEvent, AmendmentQueued, AmendmentReported, MessageAmended),
}


def test_every_event_has_a_name() -> None:
    for module in iter_modules(helpdesk.domain.__path__):
        import_module(f"helpdesk.domain.{module.name}")
    assert set(_all_of(Event)) - ABSTRACT == set(events.NAMES.values())


def test_every_name_has_an_example_and_a_golden_file() -> None:
    assert set(EXAMPLES) == set(events.NAMES) == {it.stem for it in GOLDEN.glob("*.json")}


def test_names_say_noun_verb_and_version() -> None:
    for name in events.NAMES:
        noun, verb, version = name.split(".")
        assert noun.isidentifier()
        assert verb.isidentifier()
        assert version == "v1"


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_sent_comes_back(name: str) -> None:
    assert events.decode(*events.encode(EXAMPLES[name])) == EXAMPLES[name]


def test_a_reply_carries_its_template() -> None:
    queued = EXAMPLES["reply.queued.v1"]
    assert isinstance(queued, ReplyQueued)
    of_template = replace(queued, content=OF_TEMPLATE)
    assert events.decode(*events.encode(of_template)) == of_template


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_was_sent_once_is_read_for_ever(name: str) -> None:
    assert events.decode(name, file_of(name).read_bytes()) == EXAMPLES[name]


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_sent_now_is_what_was_sent_once(name: str) -> None:
    # A new field with a default may be added; nothing that was there may change.
    once, now = json.loads(file_of(name).read_text()), json.loads(events.encode(EXAMPLES[name])[1])
    assert _has(now, once)


def test_a_field_that_is_not_known_is_ignored() -> None:
    name, body = events.encode(EXAMPLES["client.changed.v1"])
    more = json.dumps({**json.loads(body), "colour": "green"}).encode()
    assert events.decode(name, more) == EXAMPLES[name]


def test_a_type_that_is_not_known_is_refused_with_its_name() -> None:
    with pytest.raises(UnreadableEventError, match=r"client\.exploded\.v1"):
        events.decode("client.exploded.v1", b"{}")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b'{"at":"yesterday"}', b'{"at":1,"client_id":"x"}', b"\xff"],
)
def test_json_that_does_not_fit_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableEventError) as refused:
        events.decode("client.changed.v1", body)
    assert refused.value.field == "data"


def test_every_name_has_a_schema() -> None:
    references, definitions = events.schemas()
    assert set(references) == set(events.NAMES)
    assert references["reply.queued.v1"] == {"$ref": "#/$defs/ReplyQueued"}
    assert "message_id" in definitions["ReplyQueued"]["required"]


def test_the_correlation_is_of_what_is_being_handled() -> None:
    assert correlation.current() == ""
    with correlation.bound("one"):
        with correlation.bound("two"):
            assert correlation.current() == "two"
        assert correlation.current() == "one"
    assert correlation.current() == ""


def _has(now: Any, once: Any) -> bool:
    if isinstance(once, dict):
        return all(name in now and _has(now[name], it) for name, it in once.items())
    if isinstance(once, list):
        return len(now) == len(once) and all(map(_has, now, once))
    return bool(now == once)


def _all_of(kind: type[Event]) -> Iterator[type[Event]]:
    for it in kind.__subclasses__():
        # A dataclass with slots is made anew; what it was made from lingers on for a while.
        if getattr(import_module(it.__module__), it.__name__, None) is it:
            yield it
            yield from _all_of(it)
