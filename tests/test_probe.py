"""The healthcheck of a container."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from helpdesk.probe import main
from tests.support.server import free_port


@contextmanager
def answering(status: int, body: bytes = b"{}") -> Iterator[tuple[int, list[str]]]:
    """Answer every request so; yields the port and the paths that were asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Be silent."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.server_port, asked
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.delenv("HELPDESK__HEALTH__PORT", raising=False)
    return monkeypatch


def outcome(*arguments: str) -> object:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


def test_a_helpdesk_that_is_ready_is_well(settings: pytest.MonkeyPatch) -> None:
    with answering(200) as (port, asked):
        settings.setenv("HELPDESK__HTTP__PORT", str(port))
        assert (outcome(), asked) == (0, ["/readyz"])


def test_the_port_for_health_is_asked_where_there_is_one(settings: pytest.MonkeyPatch) -> None:
    settings.setenv("HELPDESK__HTTP__PORT", str(free_port()))
    with answering(200) as (port, asked):
        settings.setenv("HELPDESK__HEALTH__PORT", str(port))
        settings.setenv("HELPDESK__HEALTH__HOST", "0.0.0.0")
        assert (outcome("--live"), asked) == (0, ["/livez"])


def test_it_says_which_neighbour_is_missing(
    settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    components = {"store": "ok", "broker": "no answer within 3 s"}
    with answering(503, json.dumps({"components": components}).encode()) as (port, _):
        settings.setenv("HELPDESK__HTTP__PORT", str(port))
        assert outcome() == 1
    assert capsys.readouterr().err == "helpdesk-probe: broker: no answer within 3 s\n"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}"])
def test_what_it_cannot_read_is_not_well(
    settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], body: bytes
) -> None:
    with answering(500, body) as (port, _):
        settings.setenv("HELPDESK__HTTP__PORT", str(port))
        assert outcome() == 1
    assert "answered 500" in capsys.readouterr().err


def test_nobody_and_a_wrong_configuration_are_not_well(
    settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.setenv("HELPDESK__HTTP__PORT", str(free_port()))
    assert outcome() == 1
    assert "refused" in capsys.readouterr().err
    settings.setenv("HELPDESK__HTTP__PORT", "many")
    assert outcome() == 1
    assert "http.port" in capsys.readouterr().err
