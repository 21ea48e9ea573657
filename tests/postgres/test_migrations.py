"""Migrations: applied once, whoever starts, and never to a database they do not fit."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from helpdesk.adapters.postgres.migrate import SchemaError, migrate, pending, shipped
from helpdesk.neighbours import Postgres
from helpdesk.opening import OpeningError, opening
from helpdesk.settings import Settings
from tests.support.postgres import administration, database


@pytest.fixture
async def empty() -> AsyncIterator[str]:
    """A database without any table."""
    name = f"test_{uuid4().hex}"
    async with administration() as admin:
        await admin.execute(f"CREATE DATABASE {name}")
        yield database(name)
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def test_an_empty_database_gets_all_of_them(empty: str) -> None:
    names = [it.name for it in shipped()]
    assert await pending(empty) == names
    assert await migrate(empty) == names
    assert await pending(empty) == await migrate(empty) == []


async def test_of_six_that_start_at_once_one_applies_them(empty: str) -> None:
    applied = await asyncio.gather(*(migrate(empty) for _ in range(6)))
    assert sorted(applied, key=len) == [[]] * 5 + [[it.name for it in shipped()]]


async def test_what_was_edited_after_it_was_applied_is_refused(empty: str) -> None:
    await migrate(empty)
    async with administration(empty) as connection:
        await connection.execute("UPDATE schema_migration SET digest = 'x' WHERE version = 1")
    for look in (migrate, pending):
        with pytest.raises(SchemaError, match=f"{shipped()[0].name} was edited"):
            await look(empty)


async def test_the_database_of_a_newer_release_is_refused(empty: str) -> None:
    await migrate(empty)
    async with administration(empty) as connection:
        await connection.execute(
            "INSERT INTO schema_migration (version, name, digest) VALUES (9999, 'later', 'x')"
        )
    with pytest.raises(SchemaError, match="newer release"):
        await migrate(empty)


async def test_one_that_fails_leaves_nothing(empty: str) -> None:
    async with administration(empty) as connection:
        await connection.execute("CREATE TABLE tick (x int)")  # in the way of the first one's last
        with pytest.raises(asyncpg.DuplicateTableError):
            await migrate(empty)
        assert await connection.fetchval("SELECT to_regclass('message')") is None
        await connection.execute("DROP TABLE tick")
    assert await migrate(empty) == [it.name for it in shipped()]


def test_they_are_numbered_without_gaps() -> None:
    assert [it.version for it in shipped()] == list(range(1, len(shipped()) + 1))


@pytest.mark.parametrize(
    "dsn", ["postgresql://127.0.0.1:1/nowhere", "postgresql:///x?host=/nowhere", "nonsense"]
)
@pytest.mark.parametrize("migrated", [True, False])
async def test_a_server_that_cannot_be_used_is_one_sentence(dsn: str, migrated: bool) -> None:
    with pytest.raises(OpeningError, match=r"^The database cannot be used: ."):
        async with opening(
            Settings(postgres=Postgres(dsn=dsn, migrate_on_start=migrated))
        ) as opened:
            await opened.port("store")


def test_no_two_migrations_have_one_number() -> None:
    assert [it.version for it in shipped()] == list(range(1, len(shipped()) + 1))
