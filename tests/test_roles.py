"""What a process of a role does with what it is handed."""

import asyncio

import pytest

from helpdesk.domain.change import Event
from helpdesk.domain.errors import NotFoundError, UnavailableError
from helpdesk.limits import within
from helpdesk.ports.outbox import Envelope
from helpdesk.roles import MEETING_POINTS, PORTS, Role
from tests.support.builders import fresh
from tests.support.clock import NOON

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
