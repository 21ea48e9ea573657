"""What each command of the command line does; exit codes are returned."""

import argparse
import asyncio
import getpass
import json
import os
import sys

from helpdesk.adapters.http.document import document
from helpdesk.configuration import shown
from helpdesk.container import use_cases
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.attendant import Role as TeamRole
from helpdesk.domain.ids import AttendantId
from helpdesk.domain.usecases.sign_in import valid_password
from helpdesk.opening import opening
from helpdesk.roles import Role, Running, start
from helpdesk.settings import Settings
from helpdesk.supervisor import run_until, stop_on_signals


class CommandError(Exception):
    """A sentence for the person at the terminal."""


async def run(settings: Settings, role: Role) -> int:
    """Run until a signal asks to stop."""
    stop = asyncio.Event()
    stop_on_signals(stop)
    password = os.environ.get("HELPDESK_ADMIN_PASSWORD") or None
    async with start(settings, role, admin_password=password) as running:
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


def config(settings: Settings, *, show: bool) -> int:
    """Say that the configuration is fine, or show what it comes to; secrets are hidden."""
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
    async with opening(settings) as opened:
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


def _ask_password() -> str:
    """From HELPDESK_PASSWORD, a terminal, or standard input."""
    if given := os.environ.get("HELPDESK_PASSWORD"):
        return given
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")
