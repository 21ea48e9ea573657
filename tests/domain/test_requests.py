"""Idempotency keys become ids."""

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.requests import id_for

KEYS = st.text(min_size=1, max_size=200)


@given(KEYS)
def test_the_same_request_leads_to_the_same_id(key: str) -> None:
    assert id_for("ana", "message", key=key) == id_for("ana", "message", key=key)


@given(KEYS)
def test_different_people_and_things_are_kept_apart(key: str) -> None:
    ids = {
        id_for(*scope, key=key) for scope in [("ana", "note"), ("bia", "note"), ("ana", "reply")]
    }
    assert len(ids) == 3


@given(KEYS)
def test_it_is_a_uuid_of_version_8(key: str) -> None:
    it = id_for(key=key)
    assert (it.version, it.variant) == (8, "specified in RFC 4122")
