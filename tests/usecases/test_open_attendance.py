"""An attendant writes first."""

import pytest

from helpdesk.domain.attendance import AttendanceOpened, AttendanceOpenError, Party, Status
from helpdesk.domain.client import ClientNotFoundError
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import ClientId, SectorId, SessionId
from helpdesk.domain.message import ReplyQueued
from helpdesk.domain.requests import KeyReusedError
from helpdesk.domain.session import SessionState
from tests.support.builders import a_session, fresh, phone
from tests.support.team import Firm
from tests.support.waiting import race


async def test_a_first_message_goes_out_to_somebody_new(firm: Firm) -> None:
    id = await firm.cases.open_attendance()(
        by=firm.office.ana, text="Olá", phone="+55 11 91234-5678", name="Rita"
    )
    [client], [it] = await firm.clients(), await firm.attendances()
    assert (client.name, client.phone) == ("Rita", "+5511912345678")
    assert (it.status, it.opened_by, it.attendant_id) == (
        Status.ACTIVE,
        Party.ATTENDANT,
        firm.office.ana.id,
    )
    [sent] = await firm.told(ReplyQueued)
    assert (sent.message_id, sent.address) == (id, client.identities[0])
    assert len(await firm.told(AttendanceOpened)) == 1


async def test_a_known_person_is_written_to_by_id_or_by_either_number(firm: Firm) -> None:
    client = await firm.office.meet("Rita", phone(1))
    await firm.cases.open_attendance()(by=firm.office.ana, text="Olá", client_id=client.id)
    [it] = await firm.attendances()
    await firm.cases.close_attendance()(it.id, by=firm.office.ana)
    await firm.cases.open_attendance()(by=firm.office.ana, text="Olá", phone=phone(1).value)
    assert {it.client_id for it in await firm.attendances()} == {client.id}


async def test_who_is_being_attended_gets_no_second_attendance(firm: Firm) -> None:
    it = await firm.held(firm.office.bia)
    with pytest.raises(AttendanceOpenError) as refused:
        await firm.cases.open_attendance()(by=firm.office.ana, text="Olá", client_id=it.client_id)
    assert refused.value.extras == {"attendance_id": it.id}


async def test_of_two_who_write_first_at_once_one_does(firm: Firm) -> None:
    write = firm.cases.open_attendance()
    outcomes = await race(
        *(
            write(by=by, text="Olá", phone=phone(1).value)
            for by in (firm.office.ana, firm.office.bia)
        )
    )
    assert [isinstance(it, AttendanceOpenError) for it in outcomes] == [False, True]
    assert len(await firm.attendances()) == 1


async def test_a_client_who_writes_meanwhile_is_not_attended_twice(firm: Firm) -> None:
    await race(
        firm.cases.open_attendance()(by=firm.office.ana, text="Olá", phone=phone(1).value),
        firm.cases.receive_message()(firm.report(phone(1))),
    )
    [it] = await firm.attendances()
    assert it.last_position == 2


async def test_a_repeated_request_opens_nothing_further(firm: Firm) -> None:
    write, ana = firm.cases.open_attendance(), firm.office.ana
    ids = [await write(by=ana, text="Olá", phone=phone(1).value, key="k") for _ in range(2)]
    assert ids[0] == ids[1]
    assert len(await firm.told(ReplyQueued)) == 1


async def test_a_key_that_made_something_else_is_refused(firm: Firm) -> None:
    write, ana = firm.cases.open_attendance(), firm.office.ana
    await write(by=ana, text="Olá", phone=phone(1).value, key="k")
    for number, text in ((1, "Tchau"), (2, "Olá")):
        with pytest.raises(KeyReusedError):
            await write(by=ana, text=text, phone=phone(number).value, key="k")
    assert len(await firm.clients()) == 1


async def test_it_is_said_to_whom_and_once(firm: Firm) -> None:
    client = await firm.office.meet()
    for whom in ({}, {"client_id": client.id, "phone": phone(1).value}):
        with pytest.raises(InvalidError):
            await firm.cases.open_attendance()(by=firm.office.ana, text="Olá", **whom)  # type: ignore[arg-type]
    with pytest.raises(ClientNotFoundError):
        await firm.cases.open_attendance()(
            by=firm.office.ana, text="Olá", client_id=ClientId(fresh())
        )
    with pytest.raises(InvalidError) as refused:
        await firm.cases.open_attendance()(by=firm.office.ana, text="Olá", phone="nobody")
    assert refused.value.field == "phone"


async def test_it_goes_out_by_the_number_that_is_connected(firm: Firm) -> None:
    linked, wanted = (a_session(state=SessionState.CONNECTED), a_session())
    write, ana = firm.cases.open_attendance(), firm.office.ana
    await write(by=ana, text="Olá", phone=phone(1).value)
    await firm.office.keep(linked, wanted)
    await write(by=ana, text="Olá", phone=phone(2).value)
    await write(by=ana, text="Olá", phone=phone(3).value, session_id=wanted.id)
    used = [it.session_id for it in await firm.told(ReplyQueued)]
    assert used == [firm.office.session.id, linked.id, wanted.id]


async def test_it_goes_out_by_a_number_of_ours(firm: Firm) -> None:
    with pytest.raises(InvalidError) as refused:
        await firm.cases.open_attendance()(
            by=firm.office.ana, text="Olá", phone=phone(1).value, session_id=SessionId(fresh())
        )
    assert refused.value.field == "session_id"


async def test_it_belongs_to_a_sector_of_the_attendant_or_else_to_the_default(firm: Firm) -> None:
    write, office = firm.cases.open_attendance(), firm.office
    for n, by in enumerate((office.ana, office.bia, office.dora)):
        await write(by=by, text="Olá", phone=phone(n).value)
    await write(by=office.dora, text="Olá", phone=phone(9).value, sector_id=office.support.id)
    sectors = [it.attendance.sector_id for it in await firm.told(AttendanceOpened)]
    assert sectors == [office.sales.id, office.support.id, office.sales.id, office.support.id]


async def test_it_belongs_to_no_sector_of_others(firm: Firm) -> None:
    for by, sector in (
        (firm.office.ana, firm.office.support.id),
        (firm.office.dora, SectorId(fresh())),
    ):
        with pytest.raises(InvalidError) as refused:
            await firm.cases.open_attendance()(
                by=by, text="Olá", phone=phone(1).value, sector_id=sector
            )
        assert refused.value.field == "sector_id"
