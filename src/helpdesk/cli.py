"""The command line: `helpdesk run` and what an operator needs beside it.

Every failure that can be foreseen is one sentence on stderr and an exit code other than 0.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from helpdesk import commands
from helpdesk.configuration import DEFAULT_FILE, SettingsError, load
from helpdesk.domain.errors import DomainError
from helpdesk.letters import add_verbs
from helpdesk.opening import OpeningError
from helpdesk.roles import Role
from helpdesk.settings import Settings
from helpdesk.telemetry import configure

Command = Callable[[Settings, argparse.Namespace], Coroutine[Any, Any, int]]
COMMANDS: Final[Mapping[str, Command]] = {
    "run": lambda settings, options: commands.run(settings, Role(options.role)),
    "migrate": lambda settings, options: commands.migrate(settings, check=options.check),
    "attendant": commands.attendant,
    "dead-letters": commands.dead_letters,
    "doctor": lambda settings, _: commands.doctor(settings),
    "venom": lambda settings, _: commands.venom_install(settings),
    "backup": lambda settings, options: commands.backup(settings, options.file),
    "restore": lambda settings, options: commands.restore(settings, options.file),
}


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit."""
    options = _parser().parse_args(arguments)
    try:
        file = options.config or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)
        settings = load(file, os.environ)
        configure(settings.telemetry)
        sys.exit(_execute(options, settings))
    except (SettingsError, OpeningError, DomainError, commands.CommandError, OSError) as error:
        print(f"helpdesk: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, SettingsError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)


def _execute(options: argparse.Namespace, settings: Settings) -> int:
    match options.command:
        case "config":
            return commands.config(settings, show=options.verb == "show")
        case "openapi":
            return commands.openapi()
        case "cloud":
            return commands.explain_webhook(options.file)
        case command:
            return _complete(COMMANDS[command](settings, options))


def _complete(command: Coroutine[Any, Any, int]) -> int:
    if sys.platform == "win32":
        return asyncio.run(command)
    import uvloop  # noqa: PLC0415 - not there on Windows

    return uvloop.run(command)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="helpdesk", description="A WhatsApp helpdesk.")
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML; default ./helpdesk.toml")
    verbs = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        verb = verbs.add_parser(name, help=text, description=text)
        verb.add_argument("--config", type=Path, metavar="FILE", default=argparse.SUPPRESS)
        return verb

    run = add("run", "Run the helpdesk, or one role of it.")
    run.add_argument("--role", choices=[str(it) for it in Role], default=str(Role.ALL))
    migrate = add("migrate", "Bring the database up to this release.")
    migrate.add_argument("--check", action="store_true", help="only say what is missing; exit 1")
    config = add("config", "Check the configuration, or show what it comes to.")
    config.add_argument("verb", choices=["check", "show"])
    add("openapi", "Print the OpenAPI document.")
    add("doctor", "Check every neighbour and say what to do.")
    venom = add("venom", "The bridge that holds WhatsApp Web in a Chromium.")
    venom.add_argument("verb", choices=["install"], help="fetch its Node packages")
    for name, text in (
        ("backup", "Write all data into a file; the helpdesk may run meanwhile."),
        ("restore", "Replace all data by those of a backup; the helpdesk must not run."),
    ):
        add(name, text).add_argument("file", type=Path, metavar="FILE")
    cloud = add("cloud", "Look at what Meta's Cloud API sends.")
    explain = cloud.add_subparsers(dest="verb", required=True, metavar="VERB").add_parser(
        "explain", help="print what a webhook's body comes to, one JSON line for each event"
    )
    explain.add_argument("file", type=Path, metavar="FILE")
    _add_attendant(add("attendant", "Add somebody who answers, or set their password."))
    add_verbs(add("dead-letters", "Look after messages that could not be handled."))
    return parser


def _add_attendant(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    add = verbs.add_parser("add", help="add somebody to the team")
    add.add_argument("email")
    add.add_argument("--name", help="default: the part of the address before the @")
    add.add_argument("--role", choices=["admin", "manager", "attendant"], default="attendant")
    password = verbs.add_parser("password", help="set a new password; every sign-in ends")
    password.add_argument("email")
