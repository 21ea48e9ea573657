"""The processes that open strangers' files: bounded, replaceable, and no part of ours."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from helpdesk.adapters.pyav.conversion import PyAvConversion
from helpdesk.adapters.pyav.pool import Pool
from helpdesk.adapters.pyav.recognise import NO_TYPE
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import MediaKind, Recognised
from helpdesk.domain.media import Form
from helpdesk.ports.conversion import Converted
from tests.support import files

PICTURE = Recognised(kind=MediaKind.IMAGE, mime="image/jpeg")
VOICE = Recognised(kind=MediaKind.VOICE, mime="audio/webm")
DOCUMENT = Recognised(kind=MediaKind.DOCUMENT, mime=NO_TYPE)


class Bench:
    """A pool, and files to give to it."""

    def __init__(self, pool: Pool, films: Pool, folder: Path) -> None:
        self.pool = pool
        self._conversion = PyAvConversion(pool, films)
        self._folder = folder
        self._count = 0

    async def convert(
        self,
        content: bytes,
        recognised: Recognised = PICTURE,
        forms: frozenset[Form] = frozenset(Form),
    ) -> Converted:
        self._count += 1
        source, into = self._folder / f"{self._count}", self._folder / f"{self._count}-made"
        source.write_bytes(content)
        into.mkdir()
        return await self._conversion.convert(source, recognised, into=into, forms=forms)


@asynccontextmanager
async def bench(
    folder: Path, *, size: int = 1, seconds: float = 20, idle: float = 60
) -> AsyncIterator[Bench]:
    pool, films = (Pool(size=size, seconds=seconds, idle=idle) for _ in range(2))
    try:
        yield Bench(pool, films, folder)
    finally:
        await pool.close()
        await films.close()
        await nobody_works()


async def nobody_works() -> None:
    async with asyncio.timeout(60):
        while workers():
            await asyncio.sleep(0.01)


def workers() -> list[int]:
    """Processes of ours that convert, by /proc."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            command = (path / "cmdline").read_bytes().split(b"\0")
            parent = (path / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if b"helpdesk.adapters.pyav.worker" in command and int(parent) == os.getpid():
            found.append(int(path.name))
    return found


async def test_a_worker_serves_one_file_after_another(tmp_path: Path) -> None:
    async with bench(tmp_path) as it:
        first = await it.convert(files.photo())
        [worker] = workers()
        second = await it.convert(files.photo()[:1000])  # broken, as many files are
        third = await it.convert(files.sound("webm", "libopus"), VOICE)
        assert workers() == [worker]
    assert first.made[Form.THUMBNAIL].path.stat().st_size > 500
    assert (second.recognised, second.made) == (DOCUMENT, {})
    assert third.made[Form.VOICE].path.read_bytes()[28:36] == b"OpusHead"


async def test_a_document_is_not_opened(tmp_path: Path) -> None:
    async with bench(tmp_path) as it:
        letter = Recognised(kind=MediaKind.DOCUMENT, mime="application/pdf")
        assert (await it.convert(files.PDF, letter)).recognised == letter
        assert workers() == []


async def test_there_are_never_more_workers_than_configured(tmp_path: Path) -> None:
    most = 0
    async with bench(tmp_path, size=2) as it:
        jobs = asyncio.gather(*(it.convert(files.photo()) for _ in range(12)))
        while not jobs.done():
            most = max(most, len(workers()))
            await asyncio.sleep(0.01)
        assert all(it.made for it in await jobs)
    assert most == 2


async def test_a_worker_that_is_killed_is_replaced_and_its_file_converted(tmp_path: Path) -> None:
    async with bench(tmp_path) as it:
        await it.convert(files.photo())
        [worker] = workers()
        os.kill(worker, signal.SIGSTOP)
        job = asyncio.create_task(it.convert(files.photo()))
        await asyncio.sleep(0)  # it is handed over
        os.kill(worker, signal.SIGKILL)
        assert Form.THUMBNAIL in (await job).made
        assert workers() != [worker]


async def test_one_that_does_not_answer_is_ended_when_its_time_is_up(tmp_path: Path) -> None:
    async with bench(tmp_path, seconds=0.4) as it:
        await it.convert(files.picture("JPEG"))
        [worker] = workers()
        os.kill(worker, signal.SIGSTOP)
        converted = await it.convert(files.photo())
        assert (converted.recognised, converted.reason) == (DOCUMENT, "took too long")
        assert worker not in workers()
        assert (await it.convert(files.picture("JPEG"))).made


FILM = Recognised(kind=MediaKind.VIDEO, mime="video/webm")
ALONE = frozenset({Form.PLAYABLE})


async def test_a_film_that_takes_too_long_stays_one(tmp_path: Path) -> None:
    async with bench(tmp_path, seconds=0.4) as it:
        await it.convert(files.picture("JPEG"), FILM, ALONE)  # it is none, and soon refused
        [worker] = workers()
        os.kill(worker, signal.SIGSTOP)
        converted = await it.convert(files.INLINE["video/webm"](), FILM, ALONE)
        assert (converted.recognised, converted.reason) == (FILM, "took too long")


async def test_nothing_waits_for_a_film(tmp_path: Path) -> None:
    content = files.INLINE["video/webm"]()
    async with bench(tmp_path, seconds=60) as it:
        assert (await it.convert(content, FILM, ALONE)).made
        [worker] = workers()
        os.kill(worker, signal.SIGSTOP)
        filming = asyncio.create_task(it.convert(content, FILM, ALONE))
        assert (await it.convert(files.photo())).made
        assert not filming.done()
        os.kill(worker, signal.SIGKILL)
        assert (await filming).made


async def test_one_that_computes_for_too_long_is_ended_by_the_system(tmp_path: Path) -> None:
    async with bench(tmp_path, seconds=1) as it:  # and 2 s in all
        hours = files.silence(hours=3)
        converted = await it.convert(hours, Recognised(kind=MediaKind.AUDIO, mime="audio/ogg"))
        assert (converted.recognised, converted.reason) == (DOCUMENT, "took too long")


async def test_a_file_that_takes_all_memory_takes_none_of_ours(tmp_path: Path) -> None:
    async with bench(tmp_path) as it:
        greedy = await it.convert(
            files.greedy(), Recognised(kind=MediaKind.VIDEO, mime="video/mp4")
        )
        assert (greedy.recognised, greedy.made) == (DOCUMENT, {})
        assert "died" in greedy.reason
        assert (await it.convert(files.photo())).made


async def test_giving_up_ends_the_worker(tmp_path: Path) -> None:
    async with bench(tmp_path) as it:
        await it.convert(files.photo())
        [worker] = workers()
        os.kill(worker, signal.SIGSTOP)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await it.convert(files.photo())
        assert worker not in workers()
        assert (await it.convert(files.photo())).made


async def test_idle_workers_are_let_go(tmp_path: Path) -> None:
    async with bench(tmp_path, idle=0.05) as it:
        await it.convert(files.photo())
        await nobody_works()
        assert (await it.convert(files.photo())).made


async def test_one_that_does_not_start_is_no_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path) as it:
        monkeypatch.setattr(sys, "executable", "/bin/false")
        with pytest.raises(UnavailableError):
            await it.convert(files.photo())
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        with pytest.raises(UnavailableError):
            await it.convert(files.photo())


async def test_a_worker_knows_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPDESK_POSTGRES__DSN", "postgres://secret")
    async with bench(tmp_path) as it:
        await it.convert(files.photo())
        [worker] = workers()
        environment = Path(f"/proc/{worker}/environ").read_bytes().split(b"\0")
        assert {it.partition(b"=")[0] for it in environment if it} <= {b"PATH", b"PYTHONPATH"}
        ours, its = (os.getpriority(os.PRIO_PROCESS, it) for it in (0, worker))
        assert its == min(19, ours + 10)


def test_a_worker_ends_with_whoever_started_it(tmp_path: Path) -> None:
    program = (
        "import asyncio, os, signal\n"
        "from helpdesk.adapters.pyav.pool import Worker\n"
        "async def main():\n"
        "    worker = await Worker.start(5)\n"
        "    print(worker._process.pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL
    wait_for_the_end_of(int(ended.stdout))


def wait_for_the_end_of(pid: int) -> None:
    for _ in range(2000):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return
        if state == "Z":
            return
        signal.sigtimedwait([], 0.01)
    pytest.fail("it goes on")


def test_our_own_process_never_loads_the_libraries() -> None:
    program = (
        "import sys\n"
        "import helpdesk.adapters.pyav.provide\n"
        "sys.exit(bool({'av', 'PIL'} & set(sys.modules)))\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
