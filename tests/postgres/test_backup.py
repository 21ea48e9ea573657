"""Backup and restore: everything comes back, and nothing is lost when something fails."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from helpdesk.adapters.postgres.backup import backup, restore
from helpdesk.adapters.postgres.cluster import Cluster
from helpdesk.adapters.postgres.embedded import cluster_of
from helpdesk.adapters.postgres.provide import visiting
from helpdesk.neighbours import Postgres
from helpdesk.opening import OpeningError, opening
from helpdesk.settings import Settings
from tests.support.builders import lid
from tests.support.office import Office
from tests.support.postgres import administration, database, postgres_database


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=str(tmp_path / "data"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "of today.backup"


async def people(settings: Settings) -> list[str]:
    async with opening(settings) as opened:
        directory = await opened.port("directory")
        return [it.name for it in (await directory.clients("", cursor=None, limit=10)).items]


async def meet(settings: Settings, name: str) -> None:
    async with opening(settings) as opened:
        await Office(await opened.port("store")).meet(name, lid(len(name)))


async def test_what_was_there_at_the_backup_is_there_after_a_restore(
    settings: Settings, file: Path
) -> None:
    async with opening(settings) as opened:
        office = await Office(await opened.port("store")).furnish()
        heard, message = await office.hear(await office.attend(await office.meet("Zoé")), "Olá!")
        await backup(visiting(settings), file)  # the helpdesk runs meanwhile
        await office.close(heard)
    assert file.stat().st_mode & 0o077 == 0
    await restore(settings, file)
    async with opening(settings) as opened:
        board = await opened.port("board")
        assert (await board.attendance(heard.id)).attendance == heard
        found = await board.search(office.dora, "ola", cursor=None, limit=5)
        assert [it.message.message for it in found.items] == [message]


async def test_without_a_running_helpdesk_the_server_is_started_for_it(
    settings: Settings, file: Path
) -> None:
    await meet(settings, "Ana")
    await backup(visiting(settings), file)
    await meet(settings, "Beatriz")
    await backup(visiting(settings), file)
    await restore(settings, file)
    assert await people(settings) == ["Ana", "Beatriz"]


async def test_a_restore_makes_a_data_directory_that_is_not_there(
    settings: Settings, file: Path, tmp_path: Path
) -> None:
    await meet(settings, "Ana")
    await backup(settings, file)
    elsewhere = Settings(data_dir=str(tmp_path / "elsewhere"))
    await restore(elsewhere, file)
    assert await people(elsewhere) == ["Ana"]


async def test_a_running_helpdesk_is_not_overwritten(settings: Settings, file: Path) -> None:
    async with opening(settings) as opened:
        await Office(await opened.port("store")).meet("Ana")
        await backup(visiting(settings), file)
        with pytest.raises(OpeningError, match="already runs"):
            await restore(settings, file)


@pytest.mark.parametrize("content", [b"", b"PGDMP", b"PGDMP\x01\x10\x00 cut off", b"hello"])
async def test_a_file_that_is_no_backup_changes_nothing(
    settings: Settings, file: Path, content: bytes
) -> None:
    await meet(settings, "Ana")
    file.write_bytes(content)
    with pytest.raises(OpeningError):
        await restore(settings, file)
    assert await people(settings) == ["Ana"]
    assert not (cluster_of(settings).folder / "restoring").exists()


async def test_files_that_cannot_be_used_are_named(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(OpeningError, match=r"Cannot read .*nothing: No such file"):
        await restore(settings, tmp_path / "nothing")
    with pytest.raises(OpeningError, match="There are no data in"):
        await backup(settings, tmp_path / "x")
    await meet(settings, "Ana")
    with pytest.raises(OpeningError, match=r"Cannot write .*x: No such file"):
        await backup(settings, tmp_path / "no" / "x")


async def test_a_restore_that_was_interrupted_between_two_renames_is_undone(
    settings: Settings,
) -> None:
    await meet(settings, "Ana")
    cluster: Cluster = cluster_of(settings)
    cluster.data.rename(cluster.folder / "data.former")
    assert await people(settings) == ["Ana"]


@pytest.fixture
async def empty() -> AsyncIterator[str]:
    """The DSN of a database without a table."""
    name = f"empty_{uuid4().hex}"
    async with administration() as admin:
        await admin.execute(f"CREATE DATABASE {name}")
        yield database(name)
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def test_a_server_of_one_s_own_is_backed_up_and_an_empty_database_filled(
    file: Path, empty: str
) -> None:
    async with postgres_database() as dsn:
        own, new = (Settings(postgres=Postgres(dsn=it)) for it in (dsn, empty))
        await meet(own, "Ana")
        await backup(own, file)
        await meet(own, "Olga")
        with pytest.raises(OpeningError, match="has tables"):
            await restore(own, file)
        assert await people(own) == ["Ana", "Olga"]
        await restore(new, file)
        assert await people(new) == ["Ana"]


async def test_a_damaged_file_leaves_the_database_empty(
    settings: Settings, file: Path, empty: str
) -> None:
    await meet(settings, "Ana")
    await backup(settings, file)
    whole, new = file.read_bytes(), Settings(postgres=Postgres(dsn=empty))
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(OpeningError, match="pg_restore failed"):
        await restore(new, file)
    file.write_bytes(whole)
    await restore(new, file)
    assert await people(new) == ["Ana"]
