"""The command line as an operator meets it: what goes wrong is one sentence."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import aiohttp
import pytest

from tests.support.desk import Visitor, visiting
from tests.support.refused import RefusedError
from tests.support.server import Server, from_nothing, running

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def own(tmp_path: Path) -> Server:
    """Not running."""
    return Server(tmp_path / "data")


def sentence(server: Server, *arguments: str, **environment: str) -> str:
    """The one line that a command says before it fails."""
    ended = server.run(*arguments, **environment)
    assert ended.returncode != 0
    *logged, line = ended.stderr.strip().splitlines()
    assert all(it.startswith("{") for it in logged), ended.stderr
    assert line.startswith("helpdesk: ")
    return line


def test_an_unknown_key_is_refused_with_the_likely_one(own: Server) -> None:
    said = sentence(own, "run", HELPDESK__HTTP__PROT="8080")
    assert "HELPDESK__HTTP__PROT" in said
    assert "http.port" in said


def test_a_wrong_value_is_refused_with_file_and_key(own: Server, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[http]\nport = "eighty"\n')
    said = sentence(own, "--config", str(file), "run")
    assert str(file) in said
    assert "http.port" in said


def test_a_malformed_webhook_is_refused_with_the_reason(own: Server, tmp_path: Path) -> None:
    (tmp_path / "webhook.json").write_text("{")
    assert "no JSON" in sentence(own, "cloud", "explain", str(tmp_path / "webhook.json"))


def test_a_taken_port_is_refused_with_the_remedy(own: Server) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", own.port))
        taken.listen()
        said = sentence(own, "run")
    assert str(own.port) in said
    assert "http.port" in said


def test_a_data_directory_that_cannot_be_written_is_refused(own: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said = sentence(own, "run", HELPDESK__DATA_DIR=str(tmp_path / "file/data"))
    assert str(tmp_path / "file") in said


def test_a_second_helpdesk_on_the_same_data_is_refused(server: Server) -> None:
    second = Server(server.data)
    said = sentence(second, "run")
    assert "Another helpdesk" in said
    assert server.is_ready()


@pytest.mark.parametrize("role", ["consumer", "bot"])
def test_a_split_role_is_refused_where_processes_cannot_meet(own: Server, role: str) -> None:
    said = sentence(own, "run", "--role", role, HELPDESK__POSTGRES__DSN="postgresql://db/desk")
    assert "adapters.broker" in said
    assert role in said


@pytest.mark.parametrize("role", ["api", "consumer", "bot"])
def test_a_split_role_is_refused_on_the_embedded_database(own: Server, role: str) -> None:
    assert "postgres.dsn" in sentence(own, "run", "--role", role)


def test_an_adapter_that_does_not_exist_is_refused(own: Server) -> None:
    assert "adapters.broker" in sentence(own, "run", HELPDESK__ADAPTERS__BROKER="pigeon")


def test_a_first_password_that_is_too_short_is_refused(own: Server) -> None:
    assert "assword" in sentence(own, "run", HELPDESK_ADMIN_PASSWORD="short")


def test_a_database_that_is_not_there_is_one_sentence(own: Server) -> None:
    dsn = "postgresql://nobody:hunter2@127.0.0.1:1/none"
    said = sentence(own, "run", HELPDESK__POSTGRES__DSN=dsn)
    assert "hunter2" not in said


def test_the_configuration_is_shown_without_its_secrets(own: Server) -> None:
    dsn = "postgresql://me:hunter2@db/desk"
    shown = own.run("config", "show", HELPDESK__POSTGRES__DSN=dsn)
    assert shown.returncode == 0
    assert "hunter2" not in shown.stdout
    assert f"http.port = {own.port}" in shown.stdout
    checked = own.run("config", "check")
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_published_document_is_the_one_that_the_code_makes() -> None:
    command = [sys.executable, "-m", "helpdesk", "openapi"]
    printed = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert printed["openapi"].startswith("3.1")
    assert printed == json.loads((ROOT / "docs/openapi.json").read_text())


def test_migrate_says_what_is_missing_and_does_it(own: Server) -> None:
    assert own.run("migrate", "--check").returncode == 1
    assert own.run("migrate").returncode == 0
    assert own.run("migrate", "--check").returncode == 0


async def test_attendants_are_added_and_get_new_passwords(server: Server, visitor: Visitor) -> None:
    added = server.run(
        "attendant", "add", "nina@example.com", "--role", "manager", stdin="a long password\n"
    )
    assert added.returncode == 0, added.stderr
    nina = await visitor.desk("nina@example.com", "a long password")
    assert (await nina.get("/v1/me"))["attendant"]["role"] == "manager"

    changed = server.run(
        "attendant", "password", "nina@example.com", HELPDESK_PASSWORD="another password"
    )
    assert changed.returncode == 0, changed.stderr
    with pytest.raises(RefusedError) as refused:
        await nina.get("/v1/me")
    assert refused.value.status == 401
    server.tokens.pop("nina@example.com")
    await visitor.desk("nina@example.com", "another password")


@pytest.mark.parametrize(
    "arguments",
    [
        ("attendant", "add", "admin@localhost"),
        ("attendant", "add", "no-address"),
        ("attendant", "password", "nobody@example.com"),
    ],
)
def test_who_cannot_be_added_is_one_sentence(server: Server, arguments: tuple[str, ...]) -> None:
    sentence(server, *arguments, HELPDESK_PASSWORD="a long password")


def test_doctor_finds_nothing_wrong_with_the_defaults(server: Server, own: Server) -> None:
    for it in (server, own):
        told = it.run("doctor")
        assert told.returncode == 0, told.stdout + told.stderr


def test_doctor_says_what_to_do(own: Server) -> None:
    told = own.run("doctor", HELPDESK__POSTGRES__DSN="postgresql://127.0.0.1:1/none")
    assert told.returncode == 1
    assert "postgres.dsn" in told.stdout + told.stderr


async def test_sigterm_ends_streams_at_once_and_the_process_soon(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        async with visiting(server) as visitor:
            desk = await visitor.desk()
            phone = visitor.phone("+551130000000")
            async with desk.feed() as feed:
                poll = asyncio.create_task(
                    phone.get("/simulator/phones/+551130000000/messages", wait=25)
                )
                await asyncio.sleep(0.3)
                began = time.monotonic()
                ended = asyncio.create_task(asyncio.to_thread(server.stop))
                assert await feed.until_ended() == 1012
                answer = (await asyncio.gather(poll, return_exceptions=True))[0]
                assert isinstance(answer, dict | aiohttp.ClientError | RefusedError)
                assert await ended == 0
                # Far below the 25 s of the poll: nobody waited for it.
                assert time.monotonic() - began < 15
    assert "Traceback" not in server.logged()


def test_the_database_ends_with_a_helpdesk_that_is_killed(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        postmaster = server.postmaster()
        server.kill()
        until = time.monotonic() + 20
        while _lives(postmaster) and time.monotonic() < until:
            time.sleep(0.05)
        assert not _lives(postmaster)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_the_first_run_prints_a_password_once(tmp_path: Path) -> None:
    with from_nothing(tmp_path / "data", HELPDESK_ADMIN_PASSWORD="") as server:
        said = server.logged()
        assert f"http://127.0.0.1:{server.port}" in said
        password = said.partition("Password:")[2].split()[0]
        server.token(password=password)
        server.restart()
        assert server.logged().count("Password:") == 1
