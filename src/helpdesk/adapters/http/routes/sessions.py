"""Sessions: our numbers, and linking them."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from aiohttp import web

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.decode import Nothing, fields_given
from helpdesk.adapters.http.out import Out
from helpdesk.adapters.http.routes.bodies import NO_NUL, Body, Line, Maybe
from helpdesk.adapters.http.team_views import BridgeOut, OutageOut, SessionOut
from helpdesk.adapters.http.views import ListOut, list_of
from helpdesk.domain.attendant import RoleRequiredError
from helpdesk.domain.ids import SessionId
from helpdesk.domain.session import (
    AccountTakenError,
    NoPairCodeError,
    NoQrError,
    NotCapableError,
    Session,
    SessionNotFoundError,
)
from helpdesk.ports.leases import lease_of

Account = Annotated[str, msgspec.Meta(max_length=80, pattern=NO_NUL)]


class SessionBody(Body, frozen=True):
    """`bridge` is an adapter, such as whatsapp.cloud; `account` what it calls the number."""

    name: Line
    bridge: Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=NO_NUL)]
    account: Account = ""


class SessionChangeBody(Body, frozen=True):
    name: Maybe[Line] = msgspec.UNSET
    account: Maybe[Account] = msgspec.UNSET


class PairBody(Body, frozen=True):
    """The number of the phone that shall be linked, with its country code."""

    phone: Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=NO_NUL)]


class PairCodeOut(Out, frozen=True):
    code: str
    expires_at: datetime


@endpoint("GET /v1/sessions", takes=Nothing, returns=ListOut[SessionOut])
async def list_sessions(call: Call[Nothing]) -> ListOut[SessionOut]:
    """List all, oldest first."""
    found = await call.cases.read_directory.sessions()
    holders = await call.cases.manage_sessions.holders(by=call.by)
    process = {it: held.owner.partition("/")[0] for it, held in holders.items()}
    return list_of(found, lambda it: _shown(call, it, process.get(lease_of(it.id))))


def _shown(call: Call[Any], it: Session, held_by: str | None = None) -> SessionOut:
    return SessionOut.of(it, call.options.abilities(it.bridge), held_by)


@endpoint("GET /v1/bridges", takes=Nothing, returns=ListOut[BridgeOut], errors=(RoleRequiredError,))
async def list_bridges(call: Call[Nothing]) -> ListOut[BridgeOut]:
    """List by which ways to WhatsApp a number may be added; managers and admins."""
    offered = call.cases.manage_sessions.offered(by=call.by)
    return list_of(list(offered.items()), lambda it: BridgeOut.of(*it))


@endpoint(
    "POST /v1/sessions",
    takes=SessionBody,
    returns=SessionOut,
    status=HTTPStatus.CREATED,
    errors=(RoleRequiredError, AccountTakenError),
    keyed=True,
)
async def add_session(call: Call[SessionBody]) -> SessionOut:
    """Add a number of ours; admins."""
    it = call.input
    added = await call.cases.manage_sessions.add(
        by=call.by, name=it.name, bridge=it.bridge, account=it.account, key=call.key
    )
    return _shown(call, added)


@endpoint(
    "PATCH /v1/sessions/{id}",
    takes=SessionChangeBody,
    returns=SessionOut,
    errors=(RoleRequiredError, SessionNotFoundError, AccountTakenError),
)
async def change_session(call: Call[SessionChangeBody]) -> SessionOut:
    """Rename a number, or change what its bridge calls it; admins."""
    changed = await call.cases.manage_sessions.change(
        SessionId(call.id), by=call.by, **fields_given(call.input)
    )
    return _shown(call, changed)


@endpoint(
    "DELETE /v1/sessions/{id}",
    takes=Nothing,
    errors=(RoleRequiredError, SessionNotFoundError),
)
async def remove_session(call: Call[Nothing]) -> None:
    """Let go of a number for good; its conversations stay. Admins."""
    await call.cases.manage_sessions.remove(SessionId(call.id), by=call.by)


@endpoint(
    "GET /v1/sessions/{id}/qr",
    takes=Nothing,
    returns="image/png",
    errors=(RoleRequiredError, SessionNotFoundError, NoQrError),
)
async def read_qr(call: Call[Nothing]) -> web.Response:
    """Show the QR code to scan, which links a phone; managers and admins."""
    drawn = await call.cases.read_qr(SessionId(call.id), by=call.by)
    return web.Response(body=drawn, content_type="image/png", headers={"Cache-Control": "no-store"})


@endpoint(
    "POST /v1/sessions/{id}/logout",
    takes=Nothing,
    status=HTTPStatus.ACCEPTED,
    errors=(RoleRequiredError, SessionNotFoundError, NotCapableError),
)
async def log_out(call: Call[Nothing]) -> None:
    """Ask for the phone to be unlinked; the state follows when it is. Managers and admins."""
    await call.cases.log_out_session(SessionId(call.id), by=call.by)


@endpoint(
    "POST /v1/sessions/{id}/pair-code",
    takes=PairBody,
    status=HTTPStatus.ACCEPTED,
    errors=(RoleRequiredError, SessionNotFoundError, NotCapableError),
)
async def request_pair_code(call: Call[PairBody]) -> None:
    """Ask for a code to type on the phone instead of scanning; the feed tells when it is there."""
    await call.cases.request_pair_code(SessionId(call.id), call.input.phone, by=call.by)


@endpoint(
    "GET /v1/sessions/{id}/pair-code",
    takes=Nothing,
    returns=PairCodeOut,
    errors=(RoleRequiredError, SessionNotFoundError, NoPairCodeError),
)
async def read_pair_code(call: Call[Nothing]) -> PairCodeOut:
    """Show the code to type, which links a phone; managers and admins."""
    code = await call.cases.read_directory.pair_code(SessionId(call.id), by=call.by)
    return PairCodeOut(code.text, code.expires_at)


@endpoint(
    "GET /v1/sessions/{id}/outages",
    takes=Nothing,
    returns=ListOut[OutageOut],
    errors=(RoleRequiredError, SessionNotFoundError),
)
async def list_outages(call: Call[Nothing]) -> ListOut[OutageOut]:
    """List when a number was down and who was told, newest first; managers and admins."""
    found = await call.cases.read_directory.outages(SessionId(call.id), by=call.by)
    return list_of(found, OutageOut.of)


ENDPOINTS: Final[tuple[Any, ...]] = (
    list_sessions,
    list_bridges,
    add_session,
    change_session,
    remove_session,
    read_qr,
    request_pair_code,
    read_pair_code,
    log_out,
    list_outages,
)
