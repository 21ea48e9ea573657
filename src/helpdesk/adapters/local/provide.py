"""Opens the embedded defaults."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from helpdesk.adapters.local import archive as archives
from helpdesk.adapters.local.broker import LocalBroker
from helpdesk.adapters.local.media import LocalMedia
from helpdesk.opening import Opening
from helpdesk.ports.broker import Broker
from helpdesk.ports.media import MediaStore
from helpdesk.settings import Settings

SHARED: Final = False  # but see `shared_media`
TO_SHARE: Final = (
    "Choose another (for media also: set media.shared, if all of them see the same data_dir), or "
    "run --role all."
)


def shared_media(settings: Settings) -> bool:
    """Whether processes can meet in the directory: files are written whole, and never changed."""
    return settings.media.shared


def media_folder(settings: Settings) -> Path:
    """Where files are kept; a backup takes them from there."""
    return settings.data_path / "media"


@asynccontextmanager
async def open_broker(opening: Opening) -> AsyncIterator[Broker]:
    """Nothing to connect, nothing to close: who serves drains."""
    yield LocalBroker()


def save_files(settings: Settings, archive: Path) -> int:
    """Write all files into an archive; return how many."""
    return archives.save(media_folder(settings), archive)


def load_files(settings: Settings, archive: Path) -> int:
    """Add the files of an archive; return how many."""
    return archives.load(media_folder(settings), archive)


@asynccontextmanager
async def open_media(opening: Opening) -> AsyncIterator[MediaStore]:
    """Keep files in `media`, below the data directory."""
    media = LocalMedia(media_folder(opening.settings))
    await media.prepare()
    yield media
