"""Opens the ports of the Firebase adapter; Google's libraries are imported when one is opened."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Final

from helpdesk.opening import Opening, OpeningError
from helpdesk.ports.media import MediaStore
from helpdesk.ports.push import Push

SHARED: Final = True
CONNECTS: Final = {
    "push": (
        "https://firebaseinstallations.googleapis.com",
        "https://fcmregistrations.googleapis.com",
    )
}  # whom a dashboard talks to by itself, for each port
_WEB_APP: Final = ("api_key", "app_id", "sender_id", "vapid_key")


@asynccontextmanager
async def open_media(opening: Opening) -> AsyncIterator[MediaStore]:
    """Keep files in `firebase.bucket`.

    Raises:
        OpeningError: no bucket is named, or the credentials cannot be read.
    """
    settings = opening.settings
    if not settings.firebase.bucket:
        raise OpeningError("adapters.media = 'firebase': set firebase.bucket to the bucket's name.")
    storage = import_module("helpdesk.adapters.firebase.storage")
    scratch = settings.data_path / "scratch"
    async with storage.open_bucket(settings.firebase, scratch) as media:
        yield media


@asynccontextmanager
async def open_push(opening: Opening) -> AsyncIterator[Push]:
    """Reach browsers and phones by Firebase Cloud Messaging.

    Raises:
        OpeningError: a key of the web app is missing, or the credentials cannot be read.
    """
    firebase = opening.settings.firebase
    if missing := [f"firebase.{it}" for it in _WEB_APP if not getattr(firebase, it)]:
        keys = ", ".join(missing)
        raise OpeningError(f"adapters.push = 'firebase': set {keys} to what the console shows.")
    push = import_module("helpdesk.adapters.firebase.push")
    async with push.open_messaging(firebase) as it:
        yield it
