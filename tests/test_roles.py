"""What a process of a role does with what it is handed."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from helpdesk import roles
from helpdesk.adapters.system.courtesy import is_behind
from helpdesk.domain.change import Event
from helpdesk.domain.errors import NotFoundError, UnavailableError
from helpdesk.domain.usecases.relay_outbox import RelayToFeed
from helpdesk.limits import within
from helpdesk.ports.outbox import Envelope
from helpdesk.roles import MEETING_POINTS, PORTS, Role, start
from helpdesk.settings import Adapters, Http, Settings
from helpdesk.supervisor import keep
from tests.support.builders import fresh
from tests.support.clock import NOON
from tests.support.waiting import soon

ENVELOPE = Envelope(id=fresh(), event=Event(at=NOON), correlation="c")


async def test_what_hangs_is_to_be_delivered_again() -> None:
    async def hang(_event: Event) -> None:
        await asyncio.Event().wait()

    with pytest.raises(UnavailableError, match="not handled within"):
        await within(0.01, hang)(ENVELOPE)


async def test_a_refusal_is_passed_on_as_it_is() -> None:
    async def refuse(_event: Event) -> None:
        raise NotFoundError

    with pytest.raises(NotFoundError):
        await within(1, refuse)(ENVELOPE)


def test_the_whole_includes_every_part() -> None:
    assert all(Role.ALL.includes(it) for it in Role)
    assert not Role.API.includes(Role.BOT)
    assert set(PORTS) | {Role.ALL} == set(MEETING_POINTS)


@pytest.mark.parametrize(("role", "gives_way"), [(Role.ALL, True), (Role.CONSUMER, False)])
async def test_dashboards_wait_for_requests_of_the_same_process_and_for_nothing_else(
    role: Role, gives_way: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone: Mapping[Role, tuple[str, ...]] = dict.fromkeys(Role, ())
    monkeypatch.setattr(roles, "MEETING_POINTS", alone)  # nobody else is to be met
    found = asyncio.get_running_loop().create_future()

    async def relay(_: RelayToFeed) -> None:
        found.set_result(is_behind())
        await asyncio.Event().wait()

    monkeypatch.setattr(RelayToFeed, "__call__", relay)
    settings = replace(
        Settings(),
        data_dir=str(tmp_path),
        adapters=Adapters(store="memory", feed="memory", media="memory"),
        http=Http(port=0),
    )
    async with start(settings, role, admin_password="correct horse battery") as running:
        service = running.services["relay to feed"]
        task = asyncio.create_task(keep("relay to feed", service))
        assert await soon(found) is gives_way
        task.cancel()
        await asyncio.wait([task])
