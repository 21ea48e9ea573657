"""Who is online: any number of dashboards, processes that die, and people who step away."""

import pytest

from helpdesk.domain.attendant import Attendant, AttendantNotFoundError, PresenceChanged, Role
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import AttendantId
from tests.support.builders import fresh
from tests.support.team import Firm


async def changes(firm: Firm) -> list[tuple[bool, bool]]:
    return [(it.online, it.away) for it in await firm.told(PresenceChanged)]


async def online(firm: Firm, who: Attendant) -> bool:
    team = await firm.cases.read_directory().attendants()
    return next(it.online for it in team if it.attendant.id == who.id)


async def test_the_first_tab_comes_online_and_the_last_goes(firm: Firm) -> None:
    presence, ana = firm.cases.presence(), firm.office.ana
    await presence.beat(ana.id, "one")
    await presence.beat(ana.id, "two")
    await presence.leave(ana.id, "one")
    assert await online(firm, ana)
    await presence.leave(ana.id, "two")
    assert not await online(firm, ana)
    assert await changes(firm) == [(True, False), (False, False)]


async def test_leaving_twice_is_leaving_once(firm: Firm) -> None:
    presence, ana = firm.cases.presence(), firm.office.ana
    await presence.beat(ana.id, "one")
    for _ in range(2):
        await presence.leave(ana.id, "one")
    assert await changes(firm) == [(True, False), (False, False)]


async def test_a_dashboard_whose_process_died_expires(firm: Firm) -> None:
    presence, ana, bia = firm.cases.presence(), firm.office.ana, firm.office.bia
    await presence.beat(ana.id, "one")
    await presence.beat(bia.id, "one")
    firm.later(seconds=30)
    await presence.beat(bia.id, "one")
    firm.later(seconds=30)
    assert not await online(firm, ana)
    assert await presence.expire() == 1
    assert [it.attendant_id for it in await firm.told(PresenceChanged)][2:] == [ana.id]
    assert await presence.expire() == 0
    assert await online(firm, bia)


async def test_who_has_another_tab_alive_does_not_expire(firm: Firm) -> None:
    presence, ana = firm.cases.presence(), firm.office.ana
    await presence.beat(ana.id, "dead")
    firm.later(seconds=40)
    await presence.beat(ana.id, "alive")
    firm.later(seconds=40)
    assert await presence.expire() == 0
    assert await changes(firm) == [(True, False)]


async def test_heartbeats_are_not_told(firm: Firm) -> None:
    presence, ana = firm.cases.presence(), firm.office.ana
    for _ in range(5):
        await presence.beat(ana.id, "one")
        firm.later(seconds=15)
    assert await changes(firm) == [(True, False)]


async def test_who_steps_away_is_there_but_gets_nothing(firm: Firm) -> None:
    await firm.route(firm.office.sales)
    presence, ana = firm.cases.presence(), firm.office.ana
    await presence.beat(ana.id, "one")
    assert (await presence.present(by=ana, away=True)).away
    await firm.cases.receive_message()(firm.report())
    [it] = await firm.attendances()
    assert it.attendant_id is None
    assert not await online(firm, ana)
    assert await changes(firm) == [(True, False), (True, True)]


async def test_who_comes_back_gets_what_waits(firm: Firm) -> None:
    await firm.route(firm.office.sales)
    presence, ana = firm.cases.presence(), firm.office.ana
    await presence.present(by=ana, away=True)
    it = await firm.waiting()
    await presence.beat(ana.id, "one")
    assert (await firm.attendance(it.id)).attendant_id is None
    await presence.present(by=ana, away=False)
    assert (await firm.attendance(it.id)).attendant_id == ana.id
    assert await changes(firm) == [(False, True), (True, True), (True, False)]


async def test_stepping_away_twice_is_told_once(firm: Firm) -> None:
    for _ in range(2):
        await firm.cases.presence().present(by=firm.office.ana, away=True)
    assert await changes(firm) == [(False, True)]


async def test_nobody_unknown_is_online(firm: Firm) -> None:
    with pytest.raises(AttendantNotFoundError):
        await firm.cases.presence().beat(AttendantId(fresh()), "one")


async def test_everybody_may_change_their_own_name(firm: Firm) -> None:
    presence, ana = firm.cases.presence(), firm.office.ana
    renamed = await presence.present(by=ana, name=" Ana  Maria ")
    assert (renamed.name, renamed.role, renamed.away) == ("Ana Maria", Role.ATTENDANT, False)


async def test_a_name_that_is_none_changes_nothing_else(firm: Firm) -> None:
    with pytest.raises(InvalidError):
        await firm.cases.presence().present(by=firm.office.ana, name="", away=True)
    ana = await firm.directory.attendant(firm.office.ana.id)
    assert (ana.name, ana.away) == (firm.office.ana.name, False)


async def test_a_new_name_alone_moves_nobody(firm: Firm) -> None:
    ana = await firm.cases.presence().present(by=firm.office.ana, name="Ana Lima")
    assert (ana.name, ana.away) == ("Ana Lima", False)
    assert await changes(firm) == []
