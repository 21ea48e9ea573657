"""Entities with something sensible in every property that a test does not care about."""

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Any, Final
from uuid import UUID

from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.change import Change
from helpdesk.domain.client import Client
from helpdesk.domain.identity import Identity, Scheme
from helpdesk.domain.ids import AttendanceId, AttendantId, ClientId, MessageId, SectorId, SessionId
from helpdesk.domain.message import Content, Kind, Message
from helpdesk.domain.sector import Sector
from helpdesk.domain.session import Session, SessionState
from tests.support.clock import NOON

PHONE: Final = Identity(Scheme.PHONE, "+5511912345678")

_numbers = count(1)


def fresh() -> UUID:
    """Return an id that is greater than all before it, as ids made by the clock are."""
    return UUID(int=next(_numbers))


def phone(number: int) -> Identity:
    """Name the n-th person's phone."""
    return Identity(Scheme.PHONE, f"+5511{900_000_000 + number}")


def lid(number: int) -> Identity:
    return Identity(Scheme.LID, f"{number}@lid")


def a_sector(name: str = "Sales", **properties: Any) -> Sector:
    return Sector(id=SectorId(fresh()), name=name, **properties)


def a_session(name: str = "Main", **properties: Any) -> Session:
    defaults: dict[str, Any] = {
        "bridge": "whatsapp.simulator",
        "state": SessionState.STOPPED,
        "since": NOON,
    }
    return Session(id=SessionId(fresh()), name=name, **(defaults | properties))


def an_attendant(
    name: str = "Ana", *, sectors: Iterable[SectorId] = (), **properties: Any
) -> Attendant:
    id = AttendantId(fresh())
    defaults: dict[str, Any] = {"email": f"{id.hex}@example.com", "role": Role.ATTENDANT}
    return Attendant(id=id, name=name, sectors=frozenset(sectors), **(defaults | properties))


def a_client(name: str = "João", *identities: Identity, at: datetime = NOON) -> Change[Client]:
    return Client.meet(ClientId(fresh()), name=name, identities=identities or (PHONE,), at=at)


def an_attendance(
    client: Client | None = None,
    *,
    session: SessionId | None = None,
    sector: SectorId | None = None,
    by: AttendantId | None = None,
    at: datetime = NOON,
) -> Change[Attendance]:
    return Attendance.open(
        AttendanceId(fresh()),
        client=client.id if client else ClientId(fresh()),
        session=session or SessionId(fresh()),
        sector=sector or SectorId(fresh()),
        address=client.identities[0] if client else PHONE,
        by=by,
        at=at,
    )


def received(
    attendance: Attendance, text: str = "Olá", *, provider_id: str = "", at: datetime = NOON
) -> tuple[Change[Attendance], Change[Message]]:
    """Let the client write: the attendance that heard it, and the message."""
    heard = attendance.hear(attendance.address, at=at)
    id = MessageId(fresh())
    message = Message.receive(
        id,
        heard=heard,
        content=Content(Kind.TEXT, text),
        provider_id=provider_id or f"in-{id}",
        quote=None,
        sent_at=at,
        at=at,
    )
    return Change(heard), message


def replied(
    attendance: Attendance,
    by: AttendantId,
    text: str = "Bom dia",
    *,
    quoted: Message | None = None,
    at: datetime = NOON,
) -> tuple[Change[Attendance], Change[Message]]:
    """Let an attendant write: the attendance that was answered, and the message."""
    answered = attendance.answer(by, at=at)
    message = Message.reply(
        MessageId(fresh()),
        answered=answered.state,
        content=Content(Kind.TEXT, text),
        author=by,
        quoted=quoted,
        at=at,
    )
    return answered, message


def noted(
    attendance: Attendance, by: AttendantId, text: str = "Ver contrato", *, at: datetime = NOON
) -> tuple[Change[Attendance], Change[Message]]:
    """Let an attendant note something for colleagues."""
    counted = attendance.append()
    note = Message.note(MessageId(fresh()), noted=counted, text=text, author=by, at=at)
    return Change(counted), note
