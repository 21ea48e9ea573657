"""Who may do what: every role and every relation to an attendance, for every use case."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import pytest

from helpdesk.domain.attendance import AlreadyTakenError, Attendance, NotYoursError
from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.errors import DomainError, NotFoundError
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import NotRetryableError
from tests.support.builders import fresh
from tests.support.team import Firm

Verb: TypeAlias = Callable[[Firm, Attendance, Attendant], Awaitable[Any]]


async def transfer(firm: Firm, it: Attendance, by: Attendant) -> None:
    await firm.cases.transfer_attendance()(it.id, by=by, to=firm.office.support.id, to_sector=True)


async def retry(firm: Firm, it: Attendance, by: Attendant) -> None:
    """It is refused in the end, since nothing failed; what counts is who gets that far."""
    [message, *_] = await firm.messages(it.id)
    try:
        await firm.cases.retry_message()(message.id, by=by)
    except NotRetryableError:
        return


async def read_message(firm: Firm, it: Attendance, by: Attendant) -> None:
    [message, *_] = await firm.messages(it.id)
    await firm.cases.read_board().message(MessageId(message.id), by=by)


HANDLE: Final[dict[str, Verb]] = {
    "transfer": transfer,
    "release": lambda firm, it, by: firm.cases.release_attendance()(it.id, by=by),
    "close": lambda firm, it, by: firm.cases.close_attendance()(it.id, by=by),
    "retry": retry,
}
SEE: Final[dict[str, Verb]] = {
    "note": lambda firm, it, by: firm.cases.write_note()(it.id, by=by, text="Ver contrato"),
    "read": lambda firm, it, by: firm.cases.read_attendance()(it.id, by=by),
    "type": lambda firm, it, by: firm.cases.show_typing()(it.id, by=by),
    "show": lambda firm, it, by: firm.cases.read_board().attendance(it.id, by=by),
    "messages": lambda firm, it, by: firm.cases.read_board().messages(
        it.id, by=by, before=None, limit=10
    ),
    "message": read_message,
    "history": lambda firm, it, by: firm.cases.read_board().history(it.id, by=by),
}
TAKE: Final[dict[str, Verb]] = {
    "take": lambda firm, it, by: firm.cases.take_attendance()(it.id, by=by),
}
REPLY: Final[dict[str, Verb]] = {
    "reply": lambda firm, it, by: firm.cases.send_reply()(it.id, by=by, text="Olá"),
}

MAY: Final = None


@dataclass(frozen=True)
class Case:
    """What comes of it: None is permission, else the kind of refusal."""

    who: str
    waiting: type[DomainError] | None
    held: type[DomainError] | None


# ana holds or is beside it; eva is her colleague; bia and rui are of another sector.
HANDLED = [
    Case("ana", MAY, MAY),
    Case("eva", MAY, NotYoursError),
    Case("bia", NotFoundError, NotFoundError),
    Case("rui", NotFoundError, NotFoundError),
    Case("carla", MAY, MAY),
    Case("dora", MAY, MAY),
]
TAKEN = [
    Case("ana", MAY, MAY),
    Case("eva", MAY, AlreadyTakenError),
    Case("bia", NotFoundError, NotFoundError),
    Case("rui", NotFoundError, NotFoundError),
    Case("carla", MAY, AlreadyTakenError),
    Case("dora", MAY, AlreadyTakenError),
]
SEEN = [
    Case("ana", MAY, MAY),
    Case("eva", MAY, NotFoundError),
    Case("bia", NotFoundError, NotFoundError),
    Case("rui", NotFoundError, NotFoundError),
    Case("carla", MAY, MAY),
    Case("dora", MAY, MAY),
]
REPLIED = [
    Case("ana", MAY, MAY),
    Case("eva", MAY, NotYoursError),
    Case("bia", NotFoundError, NotFoundError),
    Case("rui", NotFoundError, NotFoundError),
    Case("carla", MAY, NotYoursError),
    Case("dora", MAY, NotYoursError),
]
MATRIX = [
    pytest.param(verb, case, id=f"{name}-{case.who}")
    for verbs, cases in ((HANDLE, HANDLED), (SEE, SEEN), (TAKE, TAKEN), (REPLY, REPLIED))
    for name, verb in verbs.items()
    for case in cases
]


async def person(firm: Firm, who: str) -> Attendant:
    match who:
        case "eva":
            return await firm.hire("Eva", firm.office.sales)
        case "rui":
            return await firm.hire("Rui", firm.office.support, role=Role.MANAGER)
    found: Attendant = getattr(firm.office, who)
    return found


@pytest.mark.parametrize(("verb", "case"), MATRIX)
async def test_what_waits_is_for_its_sector_and_what_is_held_for_its_holder(
    firm: Firm, verb: Verb, case: Case
) -> None:
    by = await person(firm, case.who)
    for it, refusal in (
        (await firm.waiting(), case.waiting),
        (await firm.held(firm.office.ana), case.held),
    ):
        await attempt(verb(firm, it, by), refusal)


async def attempt(done: Awaitable[Any], refusal: type[DomainError] | None) -> None:
    if refusal is None:
        await done
    else:
        with pytest.raises(refusal):
            await done


async def test_managers_answer_only_what_is_theirs(firm: Firm) -> None:
    it = await firm.held(firm.office.ana)
    for by in (firm.office.carla, firm.office.dora):
        with pytest.raises(NotYoursError) as refused:
            await firm.cases.send_reply()(it.id, by=by, text="Olá")
        assert refused.value.extras == {"holder_id": firm.office.ana.id}


async def test_a_holder_of_another_sector_keeps_what_they_were_given(firm: Firm) -> None:
    it = await firm.held(firm.office.bia)  # an attendance of sales, by transfer
    await firm.cases.send_reply()(it.id, by=firm.office.bia, text="Olá")
    await firm.cases.close_attendance()(it.id, by=firm.office.bia)


@pytest.mark.parametrize("role", [Role.ATTENDANT, Role.MANAGER])
async def test_only_admins_administer(firm: Firm, role: Role) -> None:
    cases, office = firm.cases, firm.office
    by = await firm.hire("Eva", office.sales, role=role)
    for administered in (
        cases.manage_sectors().add(by=by, name="New"),
        cases.manage_sectors().change(office.sales.id, by=by, properties={"name": "New"}),
        cases.manage_attendants().add(by=by, password="a long password", name="X"),
        cases.manage_attendants().change(by.id, by=by, properties={"role": Role.ADMIN}),
        cases.change_password().of(office.ana.id, by=by, new="a long password"),
    ):
        with pytest.raises(DomainError) as refused:
            await administered
        assert refused.value.code == "role_required"


async def test_managers_see_to_sessions_and_clients_and_attendants_do_not(firm: Firm) -> None:
    cases, office = firm.cases, firm.office
    one, other = await office.meet("One"), await office.meet("Other")
    for by, allowed in ((office.ana, False), (office.carla, True), (office.dora, True)):
        for managed in (
            cases.log_out_session()(office.session.id, by=by),
            cases.merge_clients()(one.id, other.id, by=by),
            cases.read_qr()(office.session.id, by=by),
        ):
            assert (await refusal(managed) != "role_required") is allowed


async def refusal(done: Awaitable[Any]) -> str | None:
    """Name what was raised, if anything was."""
    try:
        await done
    except DomainError as error:
        return error.code
    return None


async def test_a_message_that_is_not_there_is_not_found_by_anybody(firm: Firm) -> None:
    for by in firm.office.team:
        with pytest.raises(NotFoundError):
            await firm.cases.retry_message()(MessageId(fresh()), by=by)
