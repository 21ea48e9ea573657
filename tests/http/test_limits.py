"""How often somebody may try."""

import pytest

from helpdesk.adapters.http.limits import Allowance
from helpdesk.adapters.http.peers import neighbourhood
from helpdesk.adapters.http.problems import RefusedError


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def tries(allowance: Allowance, key: str) -> int:
    count = 0
    try:
        while True:
            allowance.take(key)
            count += 1
    except RefusedError:
        return count


def test_a_burst_is_allowed_and_then_one_after_each_pause(seconds: Seconds) -> None:
    it = Allowance(burst=3, seconds=10, clock=seconds)
    assert tries(it, "ana") == 3
    assert tries(it, "bia") == 3
    seconds.now = 9.9
    assert tries(it, "ana") == 0
    seconds.now = 20
    assert tries(it, "ana") == 2
    seconds.now = 1000
    assert tries(it, "ana") == 3


def test_the_refusal_says_how_long_to_wait(seconds: Seconds) -> None:
    it = Allowance(burst=1, seconds=10, clock=seconds)
    it.take("ana")
    seconds.now = 4
    with pytest.raises(RefusedError) as refused:
        it.take("ana")
    assert refused.value.headers["Retry-After"] == "6"


def test_what_is_given_back_can_be_taken_again(seconds: Seconds) -> None:
    it = Allowance(burst=1, seconds=10, clock=seconds)
    it.take("ana")
    it.give_back("ana")
    it.give_back("ana")
    assert tries(it, "ana") == 1


def test_no_more_keys_are_remembered_than_were_agreed(seconds: Seconds) -> None:
    it = Allowance(burst=1, seconds=10, keys=2, clock=seconds)
    for key in ("ana", "bia", "carla"):
        it.take(key)
    assert tries(it, "ana") == 1  # forgotten
    assert tries(it, "carla") == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.9", "203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.10", False),
        ("nonsense", "nonsense", True),
    ],
)
def test_addresses_of_one_home_share_an_allowance(one: str, other: str, same: bool) -> None:
    assert (neighbourhood(one) == neighbourhood(other)) is same
