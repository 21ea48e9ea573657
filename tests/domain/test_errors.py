"""What a refusal says to people and to programs."""

from helpdesk.domain.attendance import NotYoursError
from helpdesk.domain.errors import DomainError, InvalidError


def test_an_error_speaks_with_its_own_words_or_those_of_its_kind() -> None:
    assert NotYoursError().detail == "Somebody else answers this client."
    assert NotYoursError("Ana has it.").detail == "Ana has it."


def test_an_error_without_words_says_its_code() -> None:
    class SilentError(DomainError):
        code = "silent"

    SilentError.__doc__ = None
    assert SilentError().detail == "silent"


def test_extras_are_for_programs() -> None:
    assert NotYoursError(holder_id=1).extras == {"holder_id": 1}


def test_an_invalid_value_is_named() -> None:
    refused = InvalidError("Too long.", field="name", limit=80)
    assert (refused.field, refused.detail) == ("name", "Too long.")
    assert refused.extras == {"field": "name", "limit": 80}
