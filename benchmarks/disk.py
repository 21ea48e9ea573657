"""What the disk alone takes, measured beside what has to wait for it."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SIZE: Final = 8192  # bytes: a page of PostgreSQL's log
PAUSE: Final = 0.02  # seconds between two


@contextmanager
def durable_writes(folder: Path) -> Iterator[list[float]]:
    """Meanwhile write a page now and then; the list gets the seconds until each was durable."""
    took: list[float] = []
    over = threading.Event()
    thread = threading.Thread(target=_write, args=(folder / "durable-writes", over, took))
    thread.start()
    try:
        yield took
    finally:
        over.set()
        thread.join()


def _write(path: Path, over: threading.Event, took: list[float]) -> None:
    page = os.urandom(SIZE)
    file = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        while not over.wait(PAUSE):
            began = time.perf_counter()
            os.pwrite(file, page, 0)
            os.fdatasync(file)
            took.append(time.perf_counter() - began)
    finally:
        os.close(file)
        path.unlink()
