"""Google's credentials, so that no request waits for a token while everything else waits for it."""

import asyncio
import json
from functools import partial
from pathlib import Path
from typing import Any, Final

import google.auth
from firebase_admin import credentials
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.auth.transport.requests import Request
from google.oauth2 import service_account

from helpdesk.domain.errors import UnavailableError
from helpdesk.opening import OpeningError

TIMEOUT: Final = 10.0  # seconds, to get a token
_SCOPES: Final = ("https://www.googleapis.com/auth/cloud-platform",)


class SignedIn(credentials.Base):  # type: ignore[misc]  # Firebase ships no types
    """For Firebase's library, which would ask for a token in the midst of the event loop."""

    def __init__(self, credential: Any, project: str) -> None:
        super().__init__()
        self._credential = credential
        self._asking = asyncio.Lock()
        self.project = project

    def get_credential(self) -> "SignedIn":
        return self

    async def prepare(self) -> None:
        """Have a token that is good for some minutes.

        Raises:
            UnavailableError: Google gives none.
        """
        async with self._asking:
            if self._credential.valid:
                return
            request = partial(Request(), timeout=TIMEOUT)
            try:
                await asyncio.to_thread(self._credential.refresh, request)
            except (GoogleAuthError, ValueError) as error:
                said = f"Google gives no token for firebase.credentials: {error}"
                raise UnavailableError(said) from error

    @property
    def valid(self) -> bool:
        return bool(self._credential.valid)

    def before_request(self, _request: Any, _method: str, _url: str, headers: Any) -> None:
        """Called for each request, in the event loop."""
        self._credential.apply(headers)

    def refresh(self, _request: Any) -> None:
        """Called when a token is refused, in the event loop: the next `prepare` gets another."""
        self._credential.token = None
        raise RefreshError("the token was refused")  # type: ignore[no-untyped-call]


async def sign_in(path: str, project: str) -> SignedIn:
    """Read the service account's file, or take the machine's own; nobody is asked yet.

    Raises:
        OpeningError: there are none, or they name no project.
    """
    try:
        credential, theirs = await asyncio.to_thread(_read, path)
    except (OSError, ValueError, KeyError, GoogleAuthError) as error:
        raise OpeningError(f"firebase.credentials cannot be used: {error}.") from error
    if not (project or theirs):
        raise OpeningError("firebase.project: the credentials name none; set its id.")
    return SignedIn(credential, project or theirs)


def _read(path: str) -> tuple[Any, str]:
    if not path:
        credential, project = google.auth.default(scopes=_SCOPES)
        return credential, project or ""
    account = json.loads(Path(path).read_text(encoding="utf-8"))
    make: Any = service_account.Credentials.from_service_account_info
    return make(account, scopes=_SCOPES), account.get("project_id", "")
