"""Dead letters: which are the same, and what a list may show of them."""

from dataclasses import replace
from datetime import timedelta

from helpdesk.domain.dead_letter import masked
from tests.support.clock import NOON
from tests.support.letters import a_foreign_letter, a_letter


def test_a_letter_is_known_by_its_queue_and_its_message() -> None:
    assert a_letter(1).id == replace(a_letter(1), body=b"x", key="other").id
    assert len({a_letter(1).id, a_letter(2).id, a_letter(1, queue="session.1").id}) == 3


def test_a_letter_without_an_id_is_known_by_what_it_says() -> None:
    assert a_foreign_letter(b"a").id == a_foreign_letter(b"a").id != a_foreign_letter(b"b").id
    assert a_foreign_letter().envelope_id is None


def test_the_first_death_is_all_there_is() -> None:
    assert a_letter().after(None) == a_letter()


def test_an_echo_changes_nothing() -> None:
    before = replace(a_letter(), deaths=3, replayed_at=NOON)
    assert a_letter().after(before) is before


def test_another_death_counts_and_ends_the_replay() -> None:
    before = replace(a_letter(attempts=2), replayed_at=NOON)
    later = a_letter().last_at + timedelta(hours=1)
    after = a_letter(attempts=3, first_at=later, last_at=later).after(before)
    assert (after.attempts, after.deaths, after.replayed_at) == (5, 2, None)
    assert (after.first_at, after.last_at) == (before.first_at, later)


def test_lists_show_the_end_of_a_phone_number() -> None:
    assert masked("phone:+5511990000001") == "phone:+…0001"
    assert masked("lid:123456") == "lid:123456"
    assert masked("") == ""
