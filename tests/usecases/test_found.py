"""The first run."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from helpdesk.domain.attendant import Role
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.session import SessionState
from helpdesk.domain.usecases.found import FIRST_ADMIN
from tests.support.team import Firm, a_firm
from tests.support.waiting import race


@pytest.fixture
async def firm() -> AsyncIterator[Firm]:
    """Nothing is there yet."""
    async with a_firm(furnished=False) as it:
        yield it


async def test_the_first_run_makes_a_sector_a_session_and_an_admin(firm: Firm) -> None:
    password = await firm.cases.found()(password=None)
    assert password
    [sector], [session] = (
        await firm.cases.read_directory().sectors(),
        await firm.cases.read_directory().sessions(),
    )
    assert (sector.sector.name, sector.sector.is_default) == ("Atendimento", True)
    assert (session.bridge, session.state) == ("whatsapp.simulator", SessionState.STOPPED)
    admin = (await firm.cases.sign_in_out()(FIRST_ADMIN, password)).attendant
    assert (admin.role, admin.sectors) == (Role.ADMIN, frozenset({sector.sector.id}))


async def test_a_password_that_was_chosen_is_not_shown(firm: Firm) -> None:
    assert await firm.cases.found()(password="correct horse") is None
    await firm.cases.sign_in_out()(FIRST_ADMIN, "correct horse")


async def test_a_password_that_is_too_short_is_refused(firm: Firm) -> None:
    with pytest.raises(InvalidError):
        await firm.cases.found()(password="short")


async def test_the_second_run_makes_nothing(firm: Firm) -> None:
    await firm.cases.found()(password="correct horse")
    assert await firm.cases.found()(password="another password") is None
    await everything_once(firm)


async def test_processes_that_start_at_once_make_everything_once(firm: Firm) -> None:
    passwords = await race(*(firm.cases.found()(password=None) for _ in range(5)))
    assert len([it for it in passwords if it]) == 1
    await everything_once(firm)


async def test_another_bridge_gets_a_session_of_its_own(firm: Firm) -> None:
    await firm.cases.found()(password="correct horse")
    await replace(firm.cases.found(), bridge="whatsapp.cloud")(password=None)
    bridges = [it.bridge for it in await firm.cases.read_directory().sessions()]
    assert bridges == ["whatsapp.simulator", "whatsapp.cloud"]


async def test_a_number_that_was_removed_does_not_come_back(firm: Firm) -> None:
    await firm.cases.found()(password="correct horse")
    admin = (await firm.cases.sign_in_out()(FIRST_ADMIN, "correct horse")).attendant
    [session] = await firm.cases.read_directory().sessions()
    await firm.cases.manage_sessions().remove(session.id, by=admin)
    await firm.cases.found()(password=None)
    assert await firm.cases.read_directory().sessions() == []


async def everything_once(firm: Firm) -> None:
    read = firm.cases.read_directory()
    assert len(await read.sectors()) == len(await read.sessions()) == 1
    assert [it.attendant.email for it in await read.attendants()] == [FIRST_ADMIN]
