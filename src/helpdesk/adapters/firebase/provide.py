"""Opens the ports of the Firebase adapter; Google's libraries are imported when one is opened.

Dashboards listen in Firestore to what the feed of the store tells; so the feed here is that one.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib import import_module
from typing import Any, Final

from helpdesk.opening import Opening, OpeningError, shared_by
from helpdesk.ports.feed import Feed
from helpdesk.ports.identity import Identity
from helpdesk.ports.live import Live
from helpdesk.ports.media import MediaStore
from helpdesk.ports.push import Push
from helpdesk.settings import Settings

SHARED: Final = True
_PUSHING: Final = (
    "https://firebaseinstallations.googleapis.com",
    "https://fcmregistrations.googleapis.com",
)
_STORAGE: Final = "https://storage.googleapis.com"
_FIRESTORE: Final = "https://firestore.googleapis.com"
_SIGNING_IN: Final = (
    "https://identitytoolkit.googleapis.com",
    "https://securetoken.googleapis.com",
)
_WEB_APP: Final = ("api_key", "app_id", "sender_id", "vapid_key")
TO_SHARE: Final = "The feed is kept by adapters.store: set postgres.dsn, or run --role all."


def connects(port: str, settings: Settings) -> tuple[str, ...]:
    """Say whom a dashboard talks to by itself, for each port."""
    urls = settings.firebase
    auth = (urls.web_auth_url,) if urls.web_auth_url else _SIGNING_IN
    return {"push": _PUSHING, "feed": (urls.web_firestore_url or _FIRESTORE, *auth)}.get(port, ())


def shows(port: str, settings: Settings) -> tuple[str, ...]:
    """Say from where a dashboard shows files besides us."""
    here = settings.firebase
    direct = port == "media" and here.direct_links
    return (here.storage_url or _STORAGE,) if direct else ()


def shared_feed(settings: Settings) -> bool:
    """Whether processes can meet in the feed: as in that of the store."""
    return shared_by(settings.adapters.store, "feed", settings)


@asynccontextmanager
async def open_feed(opening: Opening) -> AsyncIterator[Feed]:
    yield await opening.port_of("feed", by=opening.settings.adapters.store)


@asynccontextmanager
async def open_live(opening: Opening) -> AsyncIterator[Live]:
    """Write documents in Firestore.

    Raises:
        OpeningError: the credentials cannot be used.
    """
    live = import_module("helpdesk.adapters.firebase.live")
    keep = timedelta(hours=opening.settings.retention.feed_hours)
    project, text = await _project(opening), opening.settings.firebase.feed_text
    async with live.open_firestore(project, keep, text=text) as it:
        yield it


@asynccontextmanager
async def open_identity(opening: Opening) -> AsyncIterator[Identity]:
    """Sign tokens for browsers.

    Raises:
        OpeningError: browsers could not use them, or the credentials cannot be used.
    """
    settings = opening.settings.firebase
    if not settings.api_key:
        raise OpeningError(
            "adapters.feed = 'firebase': set firebase.api_key to what the console shows."
        )
    identity = import_module("helpdesk.adapters.firebase.identity")
    yield identity.FirebaseIdentity(await _project(opening), settings)


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


async def _project(opening: Opening) -> Any:
    project = import_module("helpdesk.adapters.firebase.project")
    settings = opening.settings.firebase
    return await opening.once("firebase project", lambda: project.open_project(settings))
