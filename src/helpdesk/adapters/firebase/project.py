"""The Firebase project: who we are there, and what its refusals mean."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import firebase_admin
from firebase_admin import credentials
from firebase_admin import exceptions as refusals
from google.api_core import exceptions
from google.auth.exceptions import GoogleAuthError, TransportError

from helpdesk.domain.errors import UnavailableError
from helpdesk.neighbours import Firebase
from helpdesk.opening import OpeningError

TIMEOUT: Final = 10.0  # seconds, for one answer
_SIGNING_IN: Final = "Getting metadata from plugin failed"  # gRPC, of Google's sign-in
_BLOCKING: Final = 4  # calls at once in threads

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Project:
    """An app of firebase-admin; `blocking` bounds what has no asynchronous form."""

    app: firebase_admin.App
    id: str
    blocking: asyncio.Semaphore

    async def call(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Call what blocks.

        Raises:
            UnavailableError: it fails, or takes too long.
        """
        async with self.blocking:
            with translated(self.id):
                async with asyncio.timeout(TIMEOUT):
                    return await asyncio.to_thread(function, *arguments)


@asynccontextmanager
async def open_project(settings: Firebase) -> AsyncIterator[Project]:
    """Read the credentials; Google is asked when something is wanted of it.

    Raises:
        OpeningError: they cannot be used, or there is no project.
    """
    app = await asyncio.to_thread(_initialised, settings)
    try:
        yield Project(app, str(app.project_id), asyncio.Semaphore(_BLOCKING))
    finally:
        firebase_admin.delete_app(app)


def _initialised(settings: Firebase) -> firebase_admin.App:
    options: dict[str, Any] = {"httpTimeout": TIMEOUT}
    if settings.project:
        options["projectId"] = settings.project
    try:
        known = (
            credentials.Certificate(settings.credentials)
            if settings.credentials
            else credentials.ApplicationDefault()
        )
        known.get_credential()
        app = firebase_admin.initialize_app(known, options, name=f"helpdesk-{id(known)}")
    except (OSError, ValueError, GoogleAuthError) as error:
        raise OpeningError(f"firebase.credentials cannot be used: {error}") from error
    if not app.project_id:
        firebase_admin.delete_app(app)
        raise OpeningError("firebase.project: give the project's id; the credentials name none.")
    return app


@contextmanager
def translated(project: str) -> Iterator[None]:
    """Say what Google's errors mean for whoever runs the helpdesk."""
    try:
        yield
    except (exceptions.GoogleAPIError, refusals.FirebaseError, GoogleAuthError) as error:
        raise UnavailableError(_meaning(error, project)) from error
    except (TimeoutError, OSError, ValueError) as error:
        raise UnavailableError(f"Firebase does not answer: {type(error).__name__}.") from error


def _meaning(error: Exception, project: str) -> str:
    told = str(error)
    at_sign_in = _SIGNING_IN in told
    if isinstance(error, TransportError) or (at_sign_in and "invalid" not in told):
        return "Google's sign-in cannot be reached: is there a way out on port 443?"
    if at_sign_in or isinstance(
        error, GoogleAuthError | exceptions.Unauthenticated | refusals.UnauthenticatedError
    ):
        return (
            "Google does not accept firebase.credentials: the key is wrong, expired or deleted. "
            f"Make a new one for the project {project}. ({told[:200]})"
        )
    if isinstance(error, exceptions.Forbidden | refusals.PermissionDeniedError):
        return (
            f"The account of firebase.credentials may not do this in the project {project}: give "
            "it the roles Cloud Datastore User and Firebase Authentication Admin."
        )
    if isinstance(error, exceptions.NotFound):
        return f"The project {project} has no Firestore database: create it in the console."
    if isinstance(error, exceptions.ResourceExhausted | refusals.ResourceExhaustedError):
        return "Firebase's quota is used up; what waits is written later."
    return f"Firebase does not answer: {type(error).__name__}."
