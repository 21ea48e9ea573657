"""Telling people whose dashboard is closed that something came for them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from helpdesk.domain.attendance import (
    Attendance,
    AttendanceAssigned,
    AttendanceOpened,
    AttendanceTransferred,
    Status,
)
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.change import Event
from helpdesk.domain.errors import ConflictError, InvalidError, NotFoundError
from helpdesk.domain.ids import AttendanceId, AttendantId, DeviceId
from helpdesk.domain.message import MessageReceived
from helpdesk.domain.visibility import sees

NAME_LIMIT: Final = 80
TARGET_LIMIT: Final = 2000
EXCERPT: Final = 120  # characters of a message, where its content is wanted
DEVICES: Final = 20  # of one person


class DeviceNotFoundError(NotFoundError):
    """There is no such device of yours."""

    code = "device_not_found"


class TooManyDevicesError(ConflictError):
    """Forget one of your devices first."""

    code = "too_many_devices"


class DeviceGoneError(NotFoundError):
    """The push service says that the device is gone for good."""

    code = "device_gone"


class PushKind(StrEnum):
    ATTENDANCE = "attendance"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A browser or a phone of one person, as its push service knows it."""

    id: DeviceId
    attendant_id: AttendantId
    target: str = field(repr=False)  # where to: an address, or a token; a secret
    key: str = field(default="", repr=False)  # of the browser, by which what is sent is encrypted
    auth: str = field(default="", repr=False)
    name: str
    locale: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PushChoice:
    """What a person wants to be told on their devices."""

    on: bool = True
    content: bool = False  # name and text too: they are shown on a locked screen


@dataclass(frozen=True, slots=True, kw_only=True)
class PushTask:
    """What is told of one attendance on one device; a newer one replaces it."""

    device_id: DeviceId
    attendance_id: AttendanceId
    kind: PushKind
    text: str
    at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a device shows; `name` and `text` are empty unless they are wanted."""

    attendance_id: AttendanceId
    kind: PushKind
    locale: str
    name: str = ""
    text: str = ""


def told_of(event: Event) -> tuple[PushKind, Attendance, str] | None:
    """Say whether an event is worth a push, of which attendance, and its text."""
    match event:
        case MessageReceived():
            return PushKind.MESSAGE, event.attendance, event.message.content.text[:EXCERPT]
        case AttendanceOpened() | AttendanceAssigned() | AttendanceTransferred():
            return PushKind.ATTENDANCE, event.attendance, ""
        case _:
            return None


def concerns(by: Attendant, choice: PushChoice, it: Attendance) -> bool:
    """Whether the attendance waits for this person, who may see it and wants to be told."""
    is_theirs = it.attendant_id == by.id
    waits = it.status is Status.WAITING and it.sector_id in by.sectors
    reachable = by.active and not by.away and choice.on
    return reachable and it.is_open and (is_theirs or waits) and sees(by, it)


def checked(device: Device) -> Device:
    """Refuse what no browser registers.

    Raises:
        InvalidError: fields "name", "target".
    """
    if not 1 <= len(device.name.strip()) <= NAME_LIMIT:
        raise InvalidError(f"Give 1 to {NAME_LIMIT} characters.", field="name")
    if not 1 <= len(device.target) <= TARGET_LIMIT:
        raise InvalidError(f"Give 1 to {TARGET_LIMIT} characters.", field="target")
    return device
