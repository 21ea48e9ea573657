"""`helpdesk-probe`: ask a helpdesk on this machine whether it is well; for container healthchecks.

It asks `health.port`, or the API where that is not set.  Apart from the command line, whose
imports take longer than the answer.
"""

import argparse
import http.client
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

from helpdesk.configuration import DEFAULT_FILE, SettingsError, load
from helpdesk.settings import Settings

PATIENCE: Final = 5.0  # seconds
_HERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - who listens everywhere


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Exit with 0 when it is well, else with 1 and a sentence."""
    parser = argparse.ArgumentParser(prog="helpdesk-probe", description="Is the helpdesk well?")
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML; default ./helpdesk.toml")
    parser.add_argument("--live", action="store_true", help="alive is enough, neighbours aside")
    options = parser.parse_args(arguments)
    file = options.config or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)
    try:
        wrong = ask(load(file, os.environ), "/livez" if options.live else "/readyz")
    except (SettingsError, OSError, http.client.HTTPException) as error:
        wrong = str(error) or type(error).__name__
    if wrong:
        print(f"helpdesk-probe: {wrong}", file=sys.stderr)
    sys.exit(1 if wrong else 0)


def ask(settings: Settings, path: str) -> str:
    """Say what is wrong, or nothing."""
    where = settings.health if settings.health.port else settings.http
    host = _HERE.get(where.host, where.host)
    connection = http.client.HTTPConnection(host, where.port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        told = answer.read()
    finally:
        connection.close()
    if answer.status == 200:
        return ""
    try:
        components = json.loads(told)["components"]
        wrong = "; ".join(f"{name}: {it}" for name, it in components.items() if it != "ok")
    except (ValueError, LookupError, AttributeError, TypeError):  # not ours, or not whole
        wrong = ""
    return wrong or f"{path} answered {answer.status}"
