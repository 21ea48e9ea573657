"""Clients: the people who write."""

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import UNSET

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.decode import Nothing, fields_given
from helpdesk.adapters.http.routes.bodies import NO_NUL, Body, Line, Maybe, PageQuery
from helpdesk.adapters.http.team_views import ClientOut, MergeOut
from helpdesk.adapters.http.views import AttendanceOut, ListOut, list_of, page_of
from helpdesk.domain.attendant import RoleRequiredError
from helpdesk.domain.client import NOTES_LIMIT, TAGS_LIMIT, ClientNotFoundError, MergeError
from helpdesk.domain.ids import ClientId
from helpdesk.domain.views import AttendanceFilter


class ClientsQuery(PageQuery, frozen=True):
    q: Annotated[str, msgspec.Meta(max_length=200, description="Of a name, tag or address.")] = ""


class NewClientBody(Body, frozen=True):
    phone: Line
    name: Line = ""


class ClientBody(Body, frozen=True):
    name: Maybe[Line] = UNSET
    notes: Maybe[Annotated[str, msgspec.Meta(max_length=NOTES_LIMIT, pattern=NO_NUL)]] = UNSET
    tags: Maybe[Annotated[list[Line], msgspec.Meta(max_length=TAGS_LIMIT)]] = UNSET


class MergeBody(Body, frozen=True):
    other_id: UUID


@endpoint("GET /v1/clients", takes=ClientsQuery, returns=ListOut[ClientOut])
async def list_clients(call: Call[ClientsQuery]) -> ListOut[ClientOut]:
    """Find clients by part of a name, tag or address; without `q` all, by name."""
    page = await call.cases.read_directory.clients(
        call.input.q, cursor=call.input.cursor or None, limit=call.input.limit
    )
    return page_of(page, ClientOut.of)


@endpoint(
    "POST /v1/clients",
    takes=NewClientBody,
    returns=ClientOut,
    status=HTTPStatus.CREATED,
    keyed=True,
)
async def add_client(call: Call[NewClientBody]) -> ClientOut:
    """Enter a person; one who is known by this number is shown as they are."""
    client = await call.cases.manage_clients.add(
        call.input.phone, by=call.by, name=call.input.name, key=call.key
    )
    return ClientOut.of(client)


@endpoint(
    "GET /v1/clients/{id}",
    takes=Nothing,
    returns=ClientOut,
    errors=(ClientNotFoundError,),
)
async def read_client(call: Call[Nothing]) -> ClientOut:
    """Show one; a client who was merged leads to the one they live on in."""
    return ClientOut.of(await call.cases.read_directory.client(ClientId(call.id)))


@endpoint(
    "PATCH /v1/clients/{id}",
    takes=ClientBody,
    returns=ClientOut,
    errors=(ClientNotFoundError,),
)
async def change_client(call: Call[ClientBody]) -> ClientOut:
    """Change name, notes or tags."""
    client = await call.cases.manage_clients.describe(ClientId(call.id), **fields_given(call.input))
    return ClientOut.of(client)


@endpoint(
    "POST /v1/clients/{id}/merge",
    takes=MergeBody,
    returns=ClientOut,
    errors=(ClientNotFoundError, MergeError, RoleRequiredError),
)
async def merge_clients(call: Call[MergeBody]) -> ClientOut:
    """Make `other_id` one with this client, for good; managers and admins."""
    client = await call.cases.merge_clients(
        ClientId(call.id), ClientId(call.input.other_id), by=call.by
    )
    return ClientOut.of(client)


@endpoint(
    "GET /v1/clients/{id}/merges",
    takes=Nothing,
    returns=ListOut[MergeOut],
    errors=(ClientNotFoundError,),
)
async def list_merges_of_client(call: Call[Nothing]) -> ListOut[MergeOut]:
    """List who became one with the client, when, and who said so; oldest first."""
    return list_of(await call.cases.read_directory.merges(ClientId(call.id)), MergeOut.of)


@endpoint(
    "GET /v1/clients/{id}/attendances",
    takes=PageQuery,
    returns=ListOut[AttendanceOut],
    errors=(ClientNotFoundError,),
)
async def list_attendances_of_client(call: Call[PageQuery]) -> ListOut[AttendanceOut]:
    """List the client's attendances that one may see, newest message first."""
    client = await call.cases.read_directory.client(ClientId(call.id))
    page = await call.cases.read_board.attendances(
        call.by,
        AttendanceFilter(client_id=client.id),
        cursor=call.input.cursor or None,
        limit=call.input.limit,
    )
    return page_of(page, AttendanceOut.of)


ENDPOINTS: Final = (
    list_clients,
    add_client,
    read_client,
    change_client,
    merge_clients,
    list_merges_of_client,
    list_attendances_of_client,
)
