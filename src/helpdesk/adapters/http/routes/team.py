"""Sectors and attendants: everybody reads, admins write."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import UNSET

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.cases import Cases
from helpdesk.adapters.http.decode import Nothing, fields_given
from helpdesk.adapters.http.routes.bodies import Body, Line, Maybe
from helpdesk.adapters.http.team_views import AttendantOut, SectorOut
from helpdesk.adapters.http.views import ListOut, list_of
from helpdesk.domain.attendant import (
    CAPACITY_LIMIT,
    Attendant,
    AttendantNotFoundError,
    EmailTakenError,
    LastAdminError,
    Role,
    RoleRequiredError,
)
from helpdesk.domain.ids import AttendantId, SectorId
from helpdesk.domain.sector import Policy, Sector, SectorNotFoundError, WhenClientWaits
from helpdesk.domain.usecases.sign_in import PASSWORD_LIMIT, PASSWORD_MINIMUM
from helpdesk.domain.views import AttendantView, SectorView

Seconds = Annotated[int, msgspec.Meta(ge=1, le=30 * 24 * 3600)]
Capacity = Annotated[int, msgspec.Meta(ge=0, le=CAPACITY_LIMIT)]
Password = Annotated[str, msgspec.Meta(min_length=PASSWORD_MINIMUM, max_length=PASSWORD_LIMIT)]


class SectorChangeBody(Body, frozen=True):
    """A duration of null is the installation's default."""

    name: Maybe[Line] = UNSET
    policy: Maybe[Policy] = UNSET
    is_default: Maybe[bool] = UNSET
    close_after_seconds: Maybe[Seconds | None] = UNSET
    check_every_seconds: Maybe[Seconds | None] = UNSET
    when_client_waits: Maybe[WhenClientWaits] = UNSET
    ask_feedback: Maybe[bool] = UNSET


class SectorBody(SectorChangeBody, frozen=True):
    name: Line


class AttendantChangeBody(Body, frozen=True):
    name: Maybe[Line] = UNSET
    role: Maybe[Role] = UNSET
    capacity: Maybe[Capacity] = UNSET
    sectors: Maybe[list[UUID]] = UNSET
    active: Maybe[bool] = UNSET
    away: Maybe[bool] = UNSET


class AttendantBody(Body, frozen=True):
    name: Line
    email: Line
    role: Role
    password: Password
    capacity: Maybe[Capacity] = UNSET
    sectors: Maybe[list[UUID]] = UNSET


class PasswordBody(Body, frozen=True):
    new: Password


@endpoint("GET /v1/sectors", takes=Nothing, returns=ListOut[SectorOut])
async def list_sectors(call: Call[Nothing]) -> ListOut[SectorOut]:
    """List all, the default first."""
    return list_of(await call.cases.read_directory.sectors(), SectorOut.of)


@endpoint(
    "POST /v1/sectors",
    takes=SectorBody,
    returns=SectorOut,
    status=HTTPStatus.CREATED,
    errors=(RoleRequiredError,),
    keyed=True,
)
async def add_sector(call: Call[SectorBody]) -> SectorOut:
    """Found a sector."""
    sector = await call.cases.manage_sectors.add(
        by=call.by, key=call.key, **_sector_properties(call.input)
    )
    return await _show_sector(call.cases, sector)


@endpoint(
    "PATCH /v1/sectors/{id}",
    takes=SectorChangeBody,
    returns=SectorOut,
    errors=(RoleRequiredError, SectorNotFoundError),
)
async def change_sector(call: Call[SectorChangeBody]) -> SectorOut:
    """Change a sector; a new default takes the place of the former."""
    sector = await call.cases.manage_sectors.change(
        SectorId(call.id), by=call.by, properties=_sector_properties(call.input)
    )
    return await _show_sector(call.cases, sector)


@endpoint("GET /v1/attendants", takes=Nothing, returns=ListOut[AttendantOut])
async def list_attendants(call: Call[Nothing]) -> ListOut[AttendantOut]:
    """List all, by name."""
    return list_of(await call.cases.read_directory.attendants(), AttendantOut.of)


@endpoint(
    "POST /v1/attendants",
    takes=AttendantBody,
    returns=AttendantOut,
    status=HTTPStatus.CREATED,
    errors=(RoleRequiredError, EmailTakenError),
    keyed=True,
)
async def add_attendant(call: Call[AttendantBody]) -> AttendantOut:
    """Engage somebody."""
    attendant = await call.cases.manage_attendants.add(
        by=call.by, key=call.key, **_attendant_properties(call.input)
    )
    return await show_attendant(call.cases, attendant)


@endpoint(
    "PATCH /v1/attendants/{id}",
    takes=AttendantChangeBody,
    returns=AttendantOut,
    errors=(RoleRequiredError, AttendantNotFoundError, LastAdminError),
)
async def change_attendant(call: Call[AttendantChangeBody]) -> AttendantOut:
    """Change somebody; who is no longer active is signed out everywhere."""
    attendant = await call.cases.manage_attendants.change(
        AttendantId(call.id), by=call.by, properties=_attendant_properties(call.input)
    )
    return await show_attendant(call.cases, attendant)


@endpoint(
    "POST /v1/attendants/{id}/password",
    takes=PasswordBody,
    errors=(RoleRequiredError, AttendantNotFoundError),
)
async def set_password(call: Call[PasswordBody]) -> None:
    """Set a colleague's password; their sign-ins end."""
    await call.cases.change_password.of(AttendantId(call.id), by=call.by, new=call.input.new)


async def show_attendant(cases: Cases, it: Attendant) -> AttendantOut:
    """Show somebody as just loaded, with what only the directory knows."""
    team = await cases.read_directory.attendants()
    known = next((view for view in team if view.attendant.id == it.id), None)
    return AttendantOut.of(
        AttendantView(
            attendant=it,
            online=known is not None and known.online,
            open_attendances=known.open_attendances if known else 0,
        )
    )


async def _show_sector(cases: Cases, it: Sector) -> SectorOut:
    sectors = await cases.read_directory.sectors()
    members = next((view.members for view in sectors if view.sector.id == it.id), ())
    return SectorOut.of(SectorView(sector=it, members=members))


def _sector_properties(body: SectorChangeBody) -> dict[str, Any]:
    properties = fields_given(body)
    for name in ("close_after", "check_every"):
        if f"{name}_seconds" in properties:
            seconds = properties.pop(f"{name}_seconds")
            properties[name] = None if seconds is None else timedelta(seconds=seconds)
    return properties


def _attendant_properties(body: AttendantBody | AttendantChangeBody) -> dict[str, Any]:
    properties = fields_given(body)
    if "sectors" in properties:
        properties["sectors"] = frozenset(properties["sectors"])
    return properties


ENDPOINTS: Final = (
    list_sectors,
    add_sector,
    change_sector,
    list_attendants,
    add_attendant,
    change_attendant,
    set_password,
)
