"""Files in a backup: one archive (tar) beside the dump of the database.

Names are SHA-256, and what is read back is checked against them: an archive can neither write
anywhere else nor bring in what is not what its name says.
"""

import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Final
from uuid import uuid4

from helpdesk.opening import OpeningError

_KEY: Final = re.compile(r"[0-9a-f]{64}")
_PIECE: Final = 1024 * 1024


def save(folder: Path, archive: Path) -> int:
    """Write all files into `archive` and return how many; one that is there is replaced at the end.

    Raises:
        OpeningError: it cannot be written.
    """
    unfinished = archive.with_name(f".{archive.name}.unfinished")
    saved = 0
    try:
        with _private(unfinished) as target, tarfile.open(fileobj=target, mode="w|") as tar:
            for path in _files(folder):
                with suppress(FileNotFoundError):  # it was removed meanwhile
                    tar.add(path, arcname=path.name, recursive=False)
                    saved += 1
        unfinished.replace(archive)
    except OSError as error:
        raise OpeningError(f"Cannot write {archive}: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return saved


def load(folder: Path, archive: Path) -> int:
    """Add all files of `archive` to those that are there and return how many.

    Raises:
        OpeningError: it cannot be read, or is no archive of ours.
    """
    loaded = 0
    try:
        with tarfile.open(archive, "r|") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isfile() else None
                if content is None or not _KEY.fullmatch(member.name):
                    raise OpeningError(f"{archive} is no archive of files: {member.name[:80]!r}.")
                _put(folder, member.name, content)
                loaded += 1
    except (OSError, tarfile.TarError, EOFError) as error:
        raise OpeningError(f"Cannot read {archive}: {error}.") from error
    return loaded


def _put(folder: Path, key: str, content: IO[bytes]) -> None:
    unfinished = folder / ".unfinished" / uuid4().hex
    unfinished.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = sha256()
    try:
        with _private(unfinished) as target:
            while piece := content.read(_PIECE):
                digest.update(piece)
                target.write(piece)
        if digest.hexdigest() != key:
            raise OpeningError(f"The file {key} is damaged in the archive.")
        shelf = folder / key[:2]
        shelf.mkdir(mode=0o700, exist_ok=True)
        unfinished.replace(shelf / key)
    finally:
        unfinished.unlink(missing_ok=True)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("[0-9a-f][0-9a-f]/*")):
        if _KEY.fullmatch(path.name):
            yield path


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that nobody else may read; when it is left it is on disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
