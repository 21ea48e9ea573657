"""People who write: meeting, describing and merging them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.change import Change
from helpdesk.domain.client import (
    NAME_LIMIT,
    NOTES_LIMIT,
    TAG_LIMIT,
    TAGS_LIMIT,
    Client,
    ClientChanged,
    ClientsMerged,
    MergeError,
)
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.identity import Identity, Scheme
from helpdesk.domain.ids import ClientId
from tests.support.builders import a_client, fresh, lid, phone
from tests.support.clock import NOON

OLD, NEW = Identity.phone("+551187654321"), Identity.phone("+5511987654321")
IDENTITIES = st.lists(st.sampled_from([OLD, NEW, phone(1), phone(2), lid(1)]), max_size=5)


def test_a_person_is_met_once_under_two_spellings_of_one_number() -> None:
    met = a_client("  João  \0 Silva ", OLD, NEW, lid(1))
    assert met.state.identities == (OLD, lid(1))
    assert met.state.name == "João Silva"
    assert met.events == (ClientChanged(at=NOON, client_id=met.state.id),)


def test_a_person_without_a_name_is_called_by_their_address() -> None:
    assert a_client(" ", OLD).state.name == OLD.value


def test_a_long_name_from_a_phone_is_cut_not_refused() -> None:
    assert len(a_client("a" * 999).state.name) == NAME_LIMIT


def test_a_person_without_an_address_cannot_be_met() -> None:
    with pytest.raises(InvalidError):
        Client.meet(ClientId(fresh()), name="João", identities=(), at=NOON)


def test_the_phone_is_found_among_other_addresses() -> None:
    assert a_client("João", lid(1), OLD).state.phone == OLD.value
    assert a_client("João", lid(1)).state.phone is None


def test_a_further_address_is_learnt_once() -> None:
    it = a_client("João", OLD).state
    learnt = it.also_known_as([NEW, lid(1)], at=NOON)
    assert learnt.state.identities == (OLD, lid(1))
    assert learnt.events == (ClientChanged(at=NOON, client_id=it.id),)
    assert learnt.state.also_known_as([lid(1)], at=NOON) == Change(learnt.state)


@given(IDENTITIES, IDENTITIES)
def test_learning_never_forgets_and_never_doubles(
    first: list[Identity], second: list[Identity]
) -> None:
    it = a_client("João", lid(9), *first).state.also_known_as(second, at=NOON).state
    keys = [(one.scheme, one.key) for one in it.identities]
    assert len(keys) == len(set(keys))
    assert set(keys) == {(one.scheme, one.key) for one in (lid(9), *first, *second)}


def test_only_what_is_given_is_changed() -> None:
    it = a_client("João").state
    tagged = it.describe(tags=["vip", " vip ", "sp"], at=NOON)
    assert (tagged.state.name, tagged.state.tags) == ("João", ("vip", "sp"))
    assert tagged.events == (ClientChanged(at=NOON, client_id=it.id),)
    named = tagged.state.describe(name="J. Silva", notes="calls on Mondays", at=NOON).state
    assert (named.name, named.notes, named.tags) == (
        "J. Silva",
        "calls on Mondays",
        ("vip", "sp"),
    )
    assert it.describe(name="João", at=NOON) == Change(it)


@pytest.mark.parametrize("name", ["", " \0", "a" * (NAME_LIMIT + 1)])
def test_a_name_out_of_its_range_is_refused(name: str) -> None:
    with pytest.raises(InvalidError) as refused:
        a_client().state.describe(name=name, at=NOON)
    assert refused.value.field == "name"


@pytest.mark.parametrize("notes", ["a\0", "a" * (NOTES_LIMIT + 1)])
def test_notes_out_of_their_range_are_refused(notes: str) -> None:
    with pytest.raises(InvalidError) as refused:
        a_client().state.describe(notes=notes, at=NOON)
    assert refused.value.field == "notes"


@pytest.mark.parametrize(
    "tags", [[""], ["a" * (TAG_LIMIT + 1)], [str(n) for n in range(TAGS_LIMIT + 1)]]
)
def test_tags_out_of_their_range_are_refused(tags: list[str]) -> None:
    with pytest.raises(InvalidError) as refused:
        a_client().state.describe(tags=tags, at=NOON)
    assert refused.value.field == "tags"


def test_a_merged_client_lives_on_in_the_other() -> None:
    kept = a_client("João", OLD).state.describe(notes="one", tags=["a", "b"], at=NOON).state
    gone = a_client("Joca", lid(1), NEW).state.describe(notes="two", tags=["b", "c"], at=NOON).state
    first, second = kept.absorb(gone, by=None, at=NOON)
    it = first.state
    assert (it.name, it.notes, it.tags) == ("João", "one\ntwo", ("a", "b", "c"))
    assert it.identities == (OLD, lid(1))
    merged = ClientsMerged(at=NOON, client_id=kept.id, merged_id=gone.id, by=None)
    assert first.events == (merged,)
    assert (second.state.identities, second.state.merged_into) == ((), kept.id)
    assert second.events == ()


def test_nobody_is_merged_twice_or_with_themselves() -> None:
    kept, gone = a_client("João", OLD).state, a_client("Joca", lid(1)).state
    first, second = kept.absorb(gone, by=None, at=NOON)
    other = a_client("Ana", lid(2)).state
    for one, two in [(kept, kept), (other, second.state), (second.state, other)]:
        with pytest.raises(MergeError):
            one.absorb(two, by=None, at=NOON)
    assert first.state.absorb(other, by=None, at=NOON)[0].state.merged_into is None


def test_schemes_keep_equal_values_apart() -> None:
    it = a_client("João", Identity(Scheme.LID, "1"), Identity(Scheme.BSUID, "1")).state
    assert len(it.identities) == 2
