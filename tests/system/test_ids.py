"""Ids and tokens."""

from itertools import pairwise
from uuid import RFC_4122

from helpdesk.adapters.system.ids import Uuid7, new_token
from helpdesk.adapters.system.provide import now, uuid7

MILLISECOND = 1_000_000


def test_an_id_is_of_version_7_and_tells_its_millisecond() -> None:
    id = Uuid7(lambda: 1_700_000_000_123 * MILLISECOND)()
    assert (id.version, id.variant) == (7, RFC_4122)
    assert id.int >> 80 == 1_700_000_000_123


def test_each_id_is_greater_than_the_one_before() -> None:
    ids = [uuid7() for _ in range(10_000)]
    assert all(a < b for a, b in pairwise(ids))


def test_ids_stay_in_order_when_the_clock_stands_or_goes_back() -> None:
    moments = iter([5, 5, 5, 3, 4, 6])
    make = Uuid7(lambda: next(moments) * MILLISECOND)
    ids = [make() for _ in range(6)]
    assert ids == sorted(set(ids))


def test_an_exhausted_counter_borrows_the_next_millisecond() -> None:
    make = Uuid7(lambda: 5 * MILLISECOND)
    first = make()
    make._counter = (1 << 42) - 1  # noqa: SLF001  2**41 ids later
    second = make()
    assert (first.int >> 80, second.int >> 80) == (5, 6)
    assert second < make()


def test_a_token_has_128_bits_and_needs_no_quoting_in_a_url() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(it) == 22 and it.replace("-", "").replace("_", "").isalnum() for it in tokens)


def test_the_clock_is_aware_and_in_utc() -> None:
    assert str(now().tzinfo) == "UTC"
