"""What each command of the command line does; exit codes are returned."""

import argparse
import asyncio
import getpass
import json
import os
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from helpdesk.adapters.http.document import document
from helpdesk.adapters.whatsapp.cloud.explain import explain
from helpdesk.adapters.whatsapp.cloud.hostile import MalformedError
from helpdesk.configuration import shown
from helpdesk.doctor import checks
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.attendant import Role as TeamRole
from helpdesk.domain.ids import AttendantId
from helpdesk.domain.usecases.sign_in import valid_password
from helpdesk.letters import carry_out
from helpdesk.opening import check_adapters, folder, opening
from helpdesk.roles import Role, Running, process_name, start
from helpdesk.settings import Settings
from helpdesk.supervisor import collect_rarely, run_until, stand_back, stop_on_signals
from helpdesk.telemetry import configure
from helpdesk.wiring import use_cases


class CommandError(Exception):
    """A sentence for the person at the terminal."""


async def run(settings: Settings, role: Role) -> int:
    """Run until a signal asks to stop."""
    configure(settings.telemetry, process=process_name(settings, role))
    stop = asyncio.Event()
    stop_on_signals(stop, within=settings.process.stop_seconds)
    password = os.environ.get("HELPDESK_ADMIN_PASSWORD") or None
    if role in (Role.CONSUMER, Role.BOT):
        stand_back(settings.process.nice)
    collect_rarely()  # its start is spared the most
    async with start(settings, role, admin_password=password) as running:
        collect_rarely()
        _announce(settings, role, running)
        await run_until(stop, running.services)
    return 0


def _announce(settings: Settings, role: Role, running: Running) -> None:
    lines = [f"Helpdesk ({role}) is ready."]
    if running.address:
        lines = [f"Helpdesk is ready: {running.address}"]
    if running.password:
        lines += [
            "First sign-in:  admin@localhost",
            f"Password:       {running.password}   (shown only this once)",
        ]
    print("\n".join(lines), flush=True)


def explain_webhook(file: Path) -> int:
    """Print what a webhook's body comes to.

    Raises:
        CommandError: it is none, or something in it cannot be taken.
    """
    problems = []
    try:
        for line in explain(file.read_bytes(), at=datetime.now(UTC)):
            print(line)
            problems.append(json.loads(line)["problem"])
    except MalformedError as error:
        raise CommandError(f"{file}: {error}") from error
    if found := " ".join(filter(None, problems)):
        raise CommandError(f"{file}: {found}")
    return 0


def config(settings: Settings, *, show: bool) -> int:
    """Say that the configuration is fine, or show what it comes to; secrets are hidden.

    Raises:
        SettingsError: it names an adapter that is not there.
    """
    check_adapters(settings)
    if show:
        for key, value in shown(settings).items():
            print(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    else:
        print("The configuration is fine.")
    return 0


def openapi() -> int:
    """Print the OpenAPI document."""
    print(json.dumps(document(), indent=2, ensure_ascii=False))
    return 0


async def attendant(settings: Settings, options: argparse.Namespace) -> int:
    """Add somebody to the team, or set their password."""
    password = valid_password(_ask_password(), field="password")
    async with opening(_visiting(settings)) as opened:
        cases = await use_cases(opened, "store", "directory")
        if options.verb == "add":
            name = options.name or options.email.partition("@")[0]
            sectors = [it.sector.id for it in await cases.read_directory().sectors()]
            await cases.manage_attendants().engage(
                Attendant(
                    id=AttendantId(cases.new_id()()),
                    name=name,
                    email=options.email,
                    role=TeamRole(options.role),
                    sectors=frozenset(sectors[:1]),
                ),
                password=password,
            )
            print(f"{options.email} can sign in now.")
            return 0
        async with cases.store().transaction() as work:
            known = await work.sign_ins.credentials(options.email.strip().lower())
        if known is None:
            raise CommandError(f"Nobody signs in with {options.email}.")
        await cases.change_password().set(known[0], new=password)
    print("The password is set; every sign-in of before has ended.")
    return 0


async def dead_letters(settings: Settings, options: argparse.Namespace) -> int:
    """List, show, replay or discard messages that could not be handled."""
    if options.verb == "replay" and (options.id is None) is not options.all:
        raise CommandError("Give the id of one letter, or --all.")
    async with opening(_visiting(settings)) as opened:
        cases = await use_cases(opened, "dead_letters")
        for it in await carry_out(cases.handle_dead_letters(), options):
            print(it)
    return 0


def _ask_password() -> str:
    """From HELPDESK_PASSWORD, a terminal, or standard input."""
    if given := os.environ.get("HELPDESK_PASSWORD"):
        return given
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")


def _visiting(settings: Settings) -> Settings:
    """Meet what already runs, where the store allows that."""
    visiting = getattr(folder("store", settings), "visiting", None)
    visited: Settings = visiting(settings) if visiting else settings
    return visited


def _store_offers(name: str, settings: Settings) -> Any:
    offered = getattr(folder("store", settings), name, None)
    if offered is None:
        raise CommandError(f"adapters.store = {settings.adapters.store!r} keeps no data on disk.")
    return offered


async def migrate(settings: Settings, *, check: bool) -> int:
    """Apply what is missing, or only name it."""
    verb = "missing_migrations" if check else "apply_migrations"
    names: list[str] = await _store_offers(verb, settings)(_visiting(settings))
    for name in names:
        print(f"{'missing' if check else 'applied'}: {name}")
    if not names:
        print("The database is up to date.")
    return 1 if check and names else 0


async def backup(settings: Settings, file: Path) -> int:
    """Write all data into `file`, and all files into an archive beside it."""
    await _store_offers("backup", settings)(_visiting(settings), file)
    print(f"All data are in {file}. It holds what clients wrote: keep it safe.")
    if save := getattr(folder("media", settings), "save_files", None):
        archive = _archive_beside(file)
        count = await asyncio.to_thread(save, settings, archive)
        print(f"All files ({count}) are in {archive}. Keep the two together.")
    else:
        print(f"Files are in adapters.media = {settings.adapters.media!r}, and not in the backup.")
    return 0


def _archive_beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.files.tar")


async def restore(settings: Settings, file: Path) -> int:
    """Replace all data by those in `file`."""
    load, archive = getattr(folder("media", settings), "load_files", None), _archive_beside(file)
    if load and archive.exists():  # before the data: what a message has is there when it is
        count = await asyncio.to_thread(load, settings, archive)
        print(f"The files of {archive} ({count}) are back.")
    await _store_offers("restore", settings)(settings, file)
    print(f"The data are those of {file} now.")
    return 0


async def venom_install(settings: Settings) -> int:
    """Fetch the Node packages of the bridge `whatsapp.venom`, and say what else is missing."""
    venom = import_module("helpdesk.adapters.whatsapp.venom.provide")
    print("Fetching the Node packages; this takes a minute.", flush=True)
    place = await venom.install(settings)
    print(f"They are in {place}.")
    await venom.diagnose(settings)
    print("Node and Chromium are here: set adapters.bridge to whatsapp.venom.")
    return 0


async def doctor(settings: Settings) -> int:
    """Check every neighbour, say what is wrong and what to do; exit 1 when something is."""
    fine = True
    async for name, wrong in checks(_visiting(settings)):
        print(f"{'ok   ' if wrong is None else 'WRONG'} {name}{': ' + wrong if wrong else ''}")
        fine = fine and wrong is None
    return 0 if fine else 1
