"""What only a directory has: names, permissions, leftovers, and a disk that fails."""

import os
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpdesk.adapters.local.media import LocalMedia
from helpdesk.domain.errors import UnavailableError
from tests.support.streams import many, pieces, read

TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
async def media(tmp_path: Path) -> LocalMedia:
    it = LocalMedia(tmp_path / "media")
    await it.prepare()
    return it


def files(folder: Path) -> list[Path]:
    return [it for it in folder.rglob("*") if it.is_file()]


async def test_a_file_is_named_by_its_content_and_is_for_nobody_else(
    media: LocalMedia, tmp_path: Path
) -> None:
    stored = await media.put(pieces(b"one"), limit=9)
    [path] = files(tmp_path)
    key = stored.blob.sha256
    assert path == tmp_path / "media" / key[:2] / key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    folders = [tmp_path / "media", path.parent, tmp_path / "media/.unfinished"]
    assert {stat.S_IMODE(it.stat().st_mode) for it in folders} == {0o700}


async def test_nothing_is_left_of_what_broke(media: LocalMedia, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield bytes(2_000_000)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await media.put(broken(), limit=10_000_000)
    assert files(tmp_path) == []


async def test_what_a_killed_process_left_is_swept_when_it_is_old(
    media: LocalMedia, tmp_path: Path
) -> None:
    left = tmp_path / "media/.unfinished/left"
    left.write_bytes(b"half")
    await media.sweep(before=datetime.now(UTC) - timedelta(hours=1))
    assert left.exists()
    await media.sweep(before=TOMORROW)
    assert not left.exists()


async def test_a_file_that_became_shorter_is_not_served_as_whole(
    media: LocalMedia, tmp_path: Path
) -> None:
    stored = await media.put(many(b"x" * 1000, 2000), limit=10_000_000)
    os.truncate(files(tmp_path)[0], 1_000_000)
    with pytest.raises(UnavailableError, match="shorter"):
        await read(media, stored.blob)


async def test_a_directory_that_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file in its place")
    with pytest.raises(UnavailableError, match="media directory"):
        await LocalMedia(tmp_path / "media").prepare()
