"""The disk of the data directory is full: nothing is lost, it is said, and work goes on later."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.faults.conftest import SETTINGS
from tests.faults.judgement import judge
from tests.faults.load import Load, Witness, load_of
from tests.faults.test_database import number, works_again
from tests.support.desk import eventually, visiting
from tests.support.server import Server, running

SEED: Final = 11
SIZE: Final = "160m"  # PostgreSQL's own files take about 60


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "helpdesk-test", place],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        assert not os.environ.get("CI"), mounted.stderr
        pytest.skip("mounting a small file system needs rights that we do not have")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def fill(disk: Path) -> Path:
    """Use up every block."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as it:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    it.write(bytes(size))
            except OSError:
                continue
    return filler


async def test_a_full_disk_costs_nothing_that_was_promised(disk: Path) -> None:
    with running(disk / "data", **SETTINGS) as server:
        async with visiting(server) as visitor:
            load = await load_of(visitor, SEED)
            witness = Witness(load.desk)
            async with witness.watching():
                async with load.going_on():
                    await works_again(load)
                    filler = await asyncio.to_thread(fill, disk)
                    await refused(load)
                    assert server.process
                    assert server.process.poll() is None
                    filler.unlink()
                    await works_again(load)
                await judge(load, witness)


async def refused(load: Load) -> None:
    """Wait until somebody is asked to come back later."""
    await eventually(lambda: number(load), lambda it: it > 3, patience=60)


def test_a_first_start_on_a_full_disk_is_one_sentence(disk: Path) -> None:
    fill(disk)
    server = Server(disk / "data")
    ended = server.run("run")
    assert ended.returncode != 0
    (line,) = ended.stderr.strip().splitlines()
    assert line.startswith("helpdesk: ")
    assert os.strerror(28) in line


def test_a_start_on_a_disk_that_became_full_is_one_sentence(disk: Path) -> None:
    with running(disk / "data") as server:
        server.stop()
        filler = fill(disk)
        ended = server.run("run")
        assert ended.returncode != 0
        *_, line = ended.stderr.strip().splitlines()
        assert line.startswith("helpdesk: ")
        assert "Traceback" not in ended.stderr
        filler.unlink()
        server.start()
