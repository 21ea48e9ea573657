"""Logs: JSON when nobody watches, no whole phone number in them."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog

from helpdesk.settings import Telemetry
from helpdesk.telemetry import configure


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


def test_phone_numbers_are_masked(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Telemetry(format="json"))
    structlog.get_logger().warning("sent", to="call +5511987654321 now", count=3)
    line = json.loads(capsys.readouterr().err)
    assert line["to"] == "call +5511…21 now"
    assert (line["event"], line["count"], line["level"]) == ("sent", 3, "warning")
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("format", ["json", "console"])
def test_a_traceback_has_no_values_and_no_whole_number(
    capsys: pytest.CaptureFixture[str], format: str
) -> None:
    configure(Telemetry(format=format))
    secret = "-".join(("correct", "horse"))
    try:
        raise ValueError("+5511987654321 has " + secret[:0])
    except ValueError:
        structlog.get_logger().exception("failed")
    told = capsys.readouterr().err
    assert "+5511…21 has" in told.replace("\\u2026", "…")
    assert "+5511987654321" not in told
    assert secret not in told


def test_the_correlation_id_is_in_every_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Telemetry(format="json"))
    with structlog.contextvars.bound_contextvars(correlation_id="c1"):
        structlog.get_logger().info("stored")
    assert json.loads(capsys.readouterr().err)["correlation_id"] == "c1"


def test_what_is_below_the_level_is_not_said(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Telemetry(format="json", level="error"))
    structlog.get_logger().warning("unheard")
    assert capsys.readouterr().err == ""


def test_what_libraries_log_takes_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Telemetry(format="json"))
    logging.getLogger("asyncio").warning("slow %s", "+5511987654321")
    assert json.loads(capsys.readouterr().err)["event"] == "slow +5511…21"


def test_a_line_for_which_there_is_no_room_is_lost_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with suppress(OSError), Path("/dev/full").open("w") as full:  # closing it fails as well
        monkeypatch.setattr(sys, "stderr", full)
        configure(Telemetry(format="json"))
        structlog.get_logger().warning("unheard")
        logging.getLogger("asyncio").warning("unheard")
        with pytest.raises(OSError, match="No space"):
            print("heard?", file=full, flush=True)


def test_a_person_reads_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Telemetry(format="console"))
    structlog.get_logger().info("hello")
    assert "hello" in capsys.readouterr().err
