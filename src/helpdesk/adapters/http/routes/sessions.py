"""Sessions: our numbers, and linking them."""

from http import HTTPStatus
from io import BytesIO
from typing import Final

import segno
from aiohttp import web

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.decode import Nothing
from helpdesk.adapters.http.team_views import SessionOut
from helpdesk.adapters.http.views import ListOut, list_of
from helpdesk.domain.attendant import RoleRequiredError
from helpdesk.domain.ids import SessionId
from helpdesk.domain.session import NoQrError, SessionNotFoundError

PIXELS: Final = 8  # for each module of the code


@endpoint("GET /v1/sessions", takes=Nothing, returns=ListOut[SessionOut])
async def list_sessions(call: Call[Nothing]) -> ListOut[SessionOut]:
    """List all, oldest first."""
    return list_of(await call.cases.read_directory.sessions(), SessionOut.of)


@endpoint(
    "GET /v1/sessions/{id}/qr",
    takes=Nothing,
    returns="image/png",
    errors=(RoleRequiredError, SessionNotFoundError, NoQrError),
)
async def read_qr(call: Call[Nothing]) -> web.Response:
    """Draw the QR code to scan, which links a phone; managers and admins."""
    qr = await call.cases.read_directory.qr(SessionId(call.id), by=call.by)
    return web.Response(
        body=_png(qr.text), content_type="image/png", headers={"Cache-Control": "no-store"}
    )


@endpoint(
    "POST /v1/sessions/{id}/logout",
    takes=Nothing,
    status=HTTPStatus.ACCEPTED,
    errors=(RoleRequiredError, SessionNotFoundError),
)
async def log_out(call: Call[Nothing]) -> None:
    """Ask for the phone to be unlinked; the state follows when it is. Managers and admins."""
    await call.cases.log_out_session(SessionId(call.id), by=call.by)


def _png(text: str) -> bytes:
    drawn = BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="png", scale=PIXELS)
    return drawn.getvalue()


ENDPOINTS: Final = (list_sessions, read_qr, log_out)
