"""Opens the ports of the Firebase adapter; Google's libraries are imported when one is opened."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Final

from helpdesk.opening import Opening, OpeningError
from helpdesk.ports.media import MediaStore

SHARED: Final = True


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
