"""Sectors and attendants, as admins make and change them."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.domain.attendant import (
    Attendant,
    AttendantNotFoundError,
    EmailTakenError,
    LastAdminError,
    Role,
)
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import AttendantId, SectorId
from helpdesk.domain.requests import KeyReusedError
from helpdesk.domain.sector import SectorNotFoundError, TeamChanged
from helpdesk.domain.views import ChangeKind
from tests.support.builders import fresh
from tests.support.team import Firm
from tests.support.waiting import race

PASSWORD = "correct horse"


async def add(firm: Firm, **properties: Any) -> Attendant:
    defaults = {"name": "Eva", "email": "eva@example.com", "role": Role.ATTENDANT}
    return await firm.cases.manage_attendants().add(
        by=firm.office.dora, password=PASSWORD, **(defaults | properties)
    )


async def change(firm: Firm, who: AttendantId, **properties: Any) -> Attendant:
    return await firm.cases.manage_attendants().change(
        who, by=firm.office.dora, properties=properties
    )


async def test_a_sector_is_founded_and_told(firm: Firm) -> None:
    await firm.settle()
    founded = await firm.cases.manage_sectors().add(
        by=firm.office.dora, name="  Finance ", close_after=timedelta(hours=1)
    )
    assert founded.name == "Finance"
    assert founded in [it.sector for it in await firm.cases.read_directory().sectors()]
    assert len(await firm.told(TeamChanged)) == 1


async def test_a_repeated_request_founds_one_sector(firm: Firm) -> None:
    sectors, dora = firm.cases.manage_sectors(), firm.office.dora
    one, other = [await sectors.add(by=dora, name="Finance", key="k") for _ in range(2)]
    assert one == other
    with pytest.raises(KeyReusedError):
        await sectors.add(by=dora, name="Law", key="k")


async def test_there_is_always_one_default_sector(firm: Firm) -> None:
    sectors, dora = firm.cases.manage_sectors(), firm.office.dora
    founded = await sectors.add(by=dora, name="Finance", is_default=True)
    await sectors.change(firm.office.support.id, by=dora, properties={"is_default": True})
    with pytest.raises(InvalidError) as refused:
        await sectors.change(firm.office.support.id, by=dora, properties={"is_default": False})
    assert refused.value.field == "is_default"
    defaults = [it.sector for it in await firm.cases.read_directory().sectors()]
    assert [it.id for it in defaults if it.is_default] == [firm.office.support.id]
    assert founded.id in {it.id for it in defaults}


async def test_a_sector_is_changed_in_what_is_given(firm: Firm) -> None:
    changed = await firm.cases.manage_sectors().change(
        firm.office.sales.id, by=firm.office.dora, properties={"ask_feedback": False}
    )
    assert (changed.name, changed.ask_feedback) == ("Sales", False)
    with pytest.raises(SectorNotFoundError):
        await firm.cases.manage_sectors().change(
            SectorId(fresh()), by=firm.office.dora, properties={}
        )


async def test_who_is_engaged_can_sign_in(firm: Firm) -> None:
    engaged = await add(firm, email=" Eva@Example.com ", sectors=frozenset({firm.office.sales.id}))
    assert engaged.email == "eva@example.com"
    assert (await firm.cases.sign_in_out()("eva@example.com", PASSWORD)).attendant == engaged


async def test_a_repeated_request_engages_one_person(firm: Firm) -> None:
    one, other = await race(*(add(firm, key="k") for _ in range(2)))
    assert one == other
    with pytest.raises(KeyReusedError):
        await add(firm, key="k", email="ivo@example.com")


async def test_an_address_belongs_to_one_person(firm: Firm) -> None:
    eva = await add(firm)
    with pytest.raises(EmailTakenError):
        await add(firm, email="EVA@example.com")
    with pytest.raises(EmailTakenError):
        await change(firm, eva.id, email=firm.office.ana.email)


async def test_nobody_joins_a_sector_that_does_not_exist(firm: Firm) -> None:
    for attempt in (
        add(firm, sectors=frozenset({SectorId(fresh())})),
        change(firm, firm.office.ana.id, sectors=frozenset({SectorId(fresh())})),
    ):
        with pytest.raises(InvalidError) as refused:
            await attempt
        assert refused.value.field == "sectors"


async def test_a_short_password_engages_nobody(firm: Firm) -> None:
    with pytest.raises(InvalidError) as refused:
        await firm.cases.manage_attendants().add(
            by=firm.office.dora, password="short", name="Eva", email="e@example.com", role="admin"
        )
    assert refused.value.field == "password"
    assert len(await firm.cases.read_directory().attendants()) == 4


@pytest.mark.parametrize("properties", [{"active": False}, {"role": Role.MANAGER}])
async def test_the_last_admin_stays(firm: Firm, properties: dict[str, Any]) -> None:
    dora = firm.office.dora
    with pytest.raises(LastAdminError):
        await change(firm, dora.id, **properties)
    await change(firm, firm.office.carla.id, role=Role.ADMIN)
    await change(firm, dora.id, **properties)


async def test_of_two_last_admins_who_resign_at_once_one_stays(firm: Firm) -> None:
    other = await firm.hire("Eva", role=Role.ADMIN)
    outcomes = await race(
        *(change(firm, it, role=Role.MANAGER) for it in (firm.office.dora.id, other.id))
    )
    assert [isinstance(it, LastAdminError) for it in outcomes] == [False, True]


async def test_nobody_unknown_is_changed(firm: Firm) -> None:
    with pytest.raises(AttendantNotFoundError):
        await change(firm, AttendantId(fresh()), name="Eva")


async def test_what_somebody_had_who_left_goes_to_others(firm: Firm) -> None:
    await firm.route(firm.office.sales)
    carla = await firm.hire("Carla", firm.office.sales, capacity=1)
    await firm.come(carla)
    first, second = await firm.held(firm.office.ana), await firm.held(firm.office.ana)
    await change(firm, firm.office.ana.id, active=False)
    assert (await firm.attendance(first.id)).attendant_id == carla.id
    assert (await firm.attendance(second.id)).attendant_id is None
    kinds = [it.kind for it in await firm.board.history(first.id)]
    assert kinds[-2:] == [ChangeKind.RELEASED, ChangeKind.ASSIGNED]
