"""What Google's errors mean, said to whoever runs the helpdesk."""

from typing import Any, Final

import pytest
from firebase_admin.exceptions import PermissionDeniedError, UnauthenticatedError
from google.api_core.exceptions import DeadlineExceeded, GoogleAPIError, ServiceUnavailable
from google.auth.exceptions import RefreshError, TransportError

from helpdesk.adapters.firebase.project import translated
from helpdesk.domain.errors import UnavailableError

AT_SIGN_IN = "Getting metadata from plugin failed with error: "
NOT_ACCEPTED, NOT_REACHED, POWERLESS = "wrong, expired or deleted", "port 443", "give it the roles"


ERRORS: Final[list[tuple[Any, str, str]]] = [
    (ServiceUnavailable, f"{AT_SIGN_IN}('invalid_grant: Invalid JWT Signature.',)", NOT_ACCEPTED),
    (ServiceUnavailable, f"{AT_SIGN_IN}HTTPSConnectionPool(host='oauth2')", NOT_REACHED),
    (ServiceUnavailable, "failed to connect to all addresses", "does not answer"),
    (DeadlineExceeded, "504 Deadline Exceeded", "does not answer"),
    (RefreshError, "invalid_grant: Token must be a short-lived token", NOT_ACCEPTED),
    (TransportError, "no route", NOT_REACHED),
    (UnauthenticatedError, "no", NOT_ACCEPTED),
    (PermissionDeniedError, "no", POWERLESS),
    (TimeoutError, "", "does not answer"),
    (GoogleAPIError, "what", "does not answer"),
]


@pytest.mark.parametrize(("kind", "told", "says"), ERRORS)
def test_each_is_one_sentence_with_what_to_do(kind: Any, told: str, says: str) -> None:
    with pytest.raises(UnavailableError, match=says), translated("desk"):
        raise kind(told)
