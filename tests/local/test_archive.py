"""Files in a backup: all of them come back, and nothing else comes in."""

import io
import tarfile
from pathlib import Path

import pytest

from helpdesk.adapters.local.archive import load, save
from helpdesk.adapters.local.media import LocalMedia
from helpdesk.opening import OpeningError
from tests.support.streams import pieces, read


async def a_store(folder: Path) -> LocalMedia:
    it = LocalMedia(folder)
    await it.prepare()
    return it


async def test_what_was_saved_is_there_after_loading(tmp_path: Path) -> None:
    media = await a_store(tmp_path / "one")
    stored = [await media.put(pieces(it), limit=99) for it in (b"", b"one", b"two")]
    archive = tmp_path / "today.media"
    assert save(tmp_path / "one", archive) == 3
    assert archive.stat().st_mode & 0o077 == 0
    assert load(tmp_path / "two", archive) == 3
    other = await a_store(tmp_path / "two")
    for it in stored:
        assert await read(other, it.blob) == await read(media, it.blob)
    assert load(tmp_path / "two", archive) == 3  # again: nothing is doubled
    assert len(list((tmp_path / "two").glob("??/*"))) == 3


def an_archive(path: Path, name: str, content: bytes = b"evil", **more: object) -> Path:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    for key, value in more.items():
        setattr(member, key, value)
    with tarfile.open(path, "w") as tar:
        tar.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "A" * 64, "x", "a" * 63])
def test_a_strange_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OpeningError, match="no archive"):
        load(tmp_path / "media", an_archive(tmp_path / "a.tar", name))
    assert list(tmp_path.glob("media/??/*")) == []


def test_a_link_is_refused(tmp_path: Path) -> None:
    archive = an_archive(tmp_path / "a.tar", "a" * 64, b"", type=tarfile.SYMTYPE, linkname="/etc")
    with pytest.raises(OpeningError, match="no archive"):
        load(tmp_path / "media", archive)


def test_what_is_not_what_its_name_says_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OpeningError, match="damaged"):
        load(tmp_path / "media", an_archive(tmp_path / "a.tar", "a" * 64))
    assert [it for it in tmp_path.rglob("media/*/*") if it.is_file()] == []


@pytest.mark.parametrize("content", [b"hello", b"x" * 2000])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.tar").write_bytes(content)
    with pytest.raises(OpeningError):
        load(tmp_path / "media", tmp_path / "a.tar")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OpeningError, match="Cannot write"):
        save(tmp_path / "media", tmp_path / "no" / "a.tar")
    with pytest.raises(OpeningError, match="Cannot read"):
        load(tmp_path / "media", tmp_path / "nothing")
