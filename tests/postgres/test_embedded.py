"""The embedded server: started, kept alive, and ended with us, however we end."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import asyncpg
import pytest

from helpdesk.adapters.postgres.cluster import Cluster
from helpdesk.adapters.postgres.embedded import cluster_of, open_embedded, running
from helpdesk.adapters.postgres.launch import Account, EmbeddedError, bundled_binaries, complaint
from helpdesk.neighbours import Postgres
from helpdesk.settings import Settings

PARENT = """
import asyncio, sys
from helpdesk.adapters.postgres.embedded import open_embedded
from helpdesk.settings import Settings

async def main():
    async with open_embedded(Settings(data_dir=sys.argv[1])) as dsn:
        print(dsn, flush=True)
        await asyncio.sleep(3600)

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that has a cluster, which is not running: making one takes a second."""
    folder = tmp_path_factory.mktemp("data")
    cluster = cluster_of(Settings(data_dir=str(folder)))
    with cluster.locked():
        cluster.start()
        cluster.stop()
    return folder


@pytest.fixture
def here(made: Path) -> Settings:
    return Settings(data_dir=str(made))


@asynccontextmanager
async def another_helpdesk(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """Run the server in another process; yields that and the server's number."""
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT, str(folder)), stdout=subprocess.PIPE
    )
    assert parent.stdout
    try:
        assert await asyncio.wait_for(parent.stdout.readline(), 60)
        yield parent, postmaster(folder)
    finally:
        if parent.returncode is None:
            parent.kill()
        await parent.wait()


def postmaster(folder: Path) -> int:
    return int((folder / "postgres/data/postmaster.pid").read_text().split()[0])


def is_running(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


async def answers(dsn: str) -> bool:
    try:
        connection = await asyncpg.connect(dsn, timeout=2)
    except (OSError, asyncpg.PostgresError):
        return False
    await connection.close()
    return True


async def soon(is_so: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    until = monotonic() + seconds
    while not await is_so():
        assert monotonic() < until, "it never came to that"
        await asyncio.sleep(0.02)


async def test_a_first_start_makes_it_and_a_second_finds_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path / "not" / "there yet"))
    for number in (1, 2):
        async with open_embedded(settings) as dsn:
            connection = await asyncpg.connect(dsn)
            await connection.execute("CREATE TABLE IF NOT EXISTS kept (it int)")
            await connection.execute("INSERT INTO kept VALUES (1)")
            assert await connection.fetchval("SELECT count(*) FROM kept") == number
            for safety in ("fsync", "synchronous_commit", "full_page_writes"):
                assert await connection.fetchval(f"SHOW {safety}") == "on"
            assert await connection.fetchval("SHOW listen_addresses") == ""
            await connection.close()
        assert not await answers(dsn)


async def test_nobody_else_may_read_it(here: Settings) -> None:
    async with open_embedded(here):
        cluster = cluster_of(here)
        for directory in (cluster.data, cluster.sockets):
            assert directory.stat().st_mode & 0o077 == 0
        assert cluster.log.stat().st_mode & 0o077 == 0


async def test_a_server_that_is_killed_is_started_again(here: Settings) -> None:
    async with open_embedded(here) as dsn:
        for _ in range(3):
            os.kill(postmaster(here.data_path), signal.SIGKILL)
            await soon(lambda: answers(dsn))
    assert not await answers(dsn)


async def test_it_ends_when_we_are_killed_and_starts_again(made: Path, here: Settings) -> None:
    async with another_helpdesk(made) as (parent, server):
        parent.kill()
        await parent.wait()
        async with open_embedded(here) as dsn:  # at once: it waits for the old one to end
            assert await answers(dsn)
            assert postmaster(made) != server
    assert not is_running(server)


async def test_it_recovers_when_both_were_killed(made: Path, here: Settings) -> None:
    async with another_helpdesk(made) as (parent, server):
        os.kill(server, signal.SIGSTOP)  # so that it cannot end in order
        parent.kill()
        await parent.wait()
        os.kill(server, signal.SIGKILL)
    async with open_embedded(here) as dsn:
        assert await answers(dsn)


async def test_a_second_helpdesk_is_refused_and_a_visitor_is_let_in(
    made: Path, here: Settings
) -> None:
    assert running(here) is None
    async with another_helpdesk(made):
        with pytest.raises(EmbeddedError, match=r"^Another helpdesk already runs on .*\.$"):
            async with open_embedded(here):
                pass
        dsn = running(here)
        assert dsn
        assert await answers(dsn)
    assert running(here) is None


@pytest.mark.parametrize("left_behind", ["1\n", "OURS\n/x\n0\n5432\n", "999999999\n", "x"])
async def test_a_pid_file_left_behind_is_no_hindrance(
    made: Path, here: Settings, left_behind: str
) -> None:
    (made / "postgres/data/postmaster.pid").write_text(
        left_behind.replace("OURS", str(os.getpid()))
    )
    async with open_embedded(here) as dsn:
        assert await answers(dsn)


async def test_a_start_that_was_interrupted_while_making_it_begins_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres/data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    async with open_embedded(Settings(data_dir=str(tmp_path))) as dsn:
        assert await answers(dsn)
    assert not half.exists()


@pytest.mark.parametrize("name", [f"{'ção' * 30}/{'x' * 60}", "Silva, Souza & 'Cia'"])
async def test_a_name_that_a_socket_cannot_have_is_no_hindrance(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    async with open_embedded(Settings(data_dir=str(folder))) as dsn:
        assert await answers(dsn)
        sockets = str(cluster_of(Settings(data_dir=str(folder))).sockets)
        assert len(os.fsencode(sockets)) < 90
        assert "," not in sockets


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another account")
async def test_root_s_closed_directories_are_no_hindrance(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    async with open_embedded(Settings(data_dir=str(closed / "data"))) as dsn:
        assert await answers(dsn)
        assert Path(f"/proc/{postmaster(closed / 'data')}").stat().st_uid != 0
    assert closed.stat().st_mode & 0o777 == 0o700


async def test_a_place_that_is_no_directory_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        EmbeddedError, match=r"^Cannot write to .*file/postgres: Not a directory\.$"
    ):
        async with open_embedded(Settings(data_dir=str(tmp_path / "file"))):
            pass


async def test_binaries_that_are_not_there_are_one_sentence(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path), postgres=Postgres(binaries=str(tmp_path)))
    with pytest.raises(
        EmbeddedError, match=r"^There is no postgres in .* \(postgres\.binaries\)\.$"
    ):
        async with open_embedded(settings):
            pass


async def test_a_cluster_that_does_not_fit_says_why(made: Path, here: Settings) -> None:
    with (made / "postgres/server.log").open("a") as log:  # of a start before this one
        log.write("FATAL:  the database system is starting up\nFATAL:  could not be older\n")
    version = made / "postgres/data/PG_VERSION"
    version.write_text("12\n")
    try:
        with pytest.raises(EmbeddedError, match=r"does not start: .*incompatible with server"):
            async with open_embedded(here):
                pass
    finally:
        version.write_text("18\n")


async def test_other_binaries_can_be_chosen(here: Settings) -> None:
    chosen = Settings(data_dir=here.data_dir, postgres=Postgres(binaries=str(bundled_binaries())))
    async with open_embedded(chosen) as dsn:
        assert await answers(dsn)


def test_a_log_that_grew_too_long_begins_anew(made: Path, here: Settings) -> None:
    cluster = cluster_of(here)
    with cluster.log.open("ab") as log:
        log.truncate(6_000_000)
    with cluster.locked():
        cluster.start()
        cluster.stop()
    assert cluster.log.stat().st_size < 100_000
    assert (made / "postgres/server.log.1").stat().st_size >= 6_000_000


def test_whether_an_account_reaches_a_place_is_told_by_every_directory() -> None:
    with TemporaryDirectory(dir="/tmp") as outer:  # pytest's own directories are closed to others
        inner = Path(outer, "inner")
        inner.mkdir()
        Path(outer).chmod(0o755)
        stranger = Account(54321, 54321, "stranger")
        assert stranger.may_pass(inner)
        Path(outer).chmod(0o700)
        assert not stranger.may_pass(inner)
        owner = Path(outer).stat()
        assert Account(owner.st_uid, 54321, "owner").may_pass(inner)


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("a\nFATAL:  no\nHINT: x\n", "FATAL:  no"),
        ("initdb: error: full\nremoving\n", "initdb: error: full"),
        ("only this\n\n", "only this"),
        ("", ""),
    ],
)
def test_of_much_that_is_written_the_reason_is_picked(output: str, said: str) -> None:
    assert complaint(output) == said


def test_a_cluster_knows_where_it_is(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, bundled_binaries())
    assert cluster.dsn.startswith("postgresql://helpdesk@/postgres?host=")
