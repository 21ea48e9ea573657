"""Addresses, and when two of them are one person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import InvalidError
from helpdesk.domain.identity import Identity, Scheme

AREAS = st.integers(11, 99).map(str)


@pytest.mark.parametrize(
    "text", ["+5511912345678", "5511912345678", "+55 (11) 91234-5678", " 55.11.91234.5678 "]
)
def test_a_number_is_read_however_it_is_punctuated(text: str) -> None:
    assert Identity.phone(text) == Identity(Scheme.PHONE, "+5511912345678")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "123456",
        "+0551191234567",
        "++5511912345678",
        "+5511x12345678",
        "1" * 16,
        "+٥٥١١٩١٢٣٤٥",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidError) as refused:
        Identity.phone(text)
    assert refused.value.field == "phone"


@given(AREAS, st.integers(6, 9), st.integers(0, 9_999_999))
def test_a_brazilian_mobile_number_is_one_person_with_and_without_its_ninth_digit(
    area: str, first: int, rest: int
) -> None:
    old = Identity.phone(f"+55{area}{first}{rest:07}")
    new = Identity.phone(f"+55{area}9{first}{rest:07}")
    assert old.key == new.key == new.value
    assert old.value != new.value


@given(AREAS, st.integers(2, 5), st.integers(0, 9_999_999))
def test_a_brazilian_landline_has_no_ninth_digit(area: str, first: int, rest: int) -> None:
    landline = Identity.phone(f"+55{area}{first}{rest:07}")
    assert landline.key == landline.value


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_a_key_is_its_own_key(number: str) -> None:
    key = Identity.phone(number).key
    assert Identity.phone(key).key == key


def test_a_number_of_another_country_is_left_alone() -> None:
    assert Identity.phone("+4411987654321").key == "+4411987654321"


def test_names_differ_by_more_than_case_and_other_ids_do_not() -> None:
    assert Identity(Scheme.USERNAME, "Joao").key == Identity(Scheme.USERNAME, "JOAO").key
    assert Identity(Scheme.LID, "a1").key != Identity(Scheme.LID, "A1").key
