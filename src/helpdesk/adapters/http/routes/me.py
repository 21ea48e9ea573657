"""The person who is signed in, and what this installation can do for them."""

from typing import Annotated, Any, Final

import msgspec

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.decode import Nothing, fields_given
from helpdesk.adapters.http.out import Out
from helpdesk.adapters.http.routes.bodies import Body, Line, Maybe
from helpdesk.adapters.http.routes.team import show_attendant
from helpdesk.adapters.http.team_views import AttendantOut
from helpdesk.adapters.http.views import CountsOut
from helpdesk.domain.live import Place
from helpdesk.domain.message import TEXT_LIMIT
from helpdesk.domain.usecases.send_media import CAPTION_LIMIT, FILES_AT_ONCE
from helpdesk.domain.usecases.sign_in import PASSWORD_LIMIT, PASSWORD_MINIMUM

Password = Annotated[str, msgspec.Meta(min_length=PASSWORD_MINIMUM, max_length=PASSWORD_LIMIT)]


class LimitsOut(Out, frozen=True):
    text: int  # characters of a message
    caption: int  # characters below a file
    files: int  # in one request


class FirebaseOut(Out, frozen=True):
    """What a browser needs to listen in Firestore; the addresses are empty for Google's."""

    project: str
    api_key: str
    firestore_url: str
    auth_url: str

    @classmethod
    def of(cls, it: Place) -> "FirebaseOut":
        return cls(it.project, it.api_key, it.data_url, it.auth_url)


class MeOut(Out, frozen=True):
    attendant: AttendantOut
    locale: str
    live: str
    firebase: FirebaseOut | None
    simulator: bool
    version: str
    limits: LimitsOut


class MeBody(Body, frozen=True):
    name: Maybe[Line] = msgspec.UNSET
    away: Maybe[bool] = msgspec.UNSET


class OwnPasswordBody(Body, frozen=True):
    current: Annotated[str, msgspec.Meta(max_length=1000)]
    new: Password


@endpoint("GET /v1/me", takes=Nothing, returns=MeOut)
async def read_me(call: Call[Nothing]) -> MeOut:
    """Show who is signed in, and what the dashboard needs to know of this installation."""
    return await _me(call)


@endpoint("PATCH /v1/me", takes=MeBody, returns=MeOut)
async def change_me(call: Call[MeBody]) -> MeOut:
    """Change one's name, or say that one is away: then nothing new is assigned."""
    by = await call.cases.presence.present(by=call.by, **fields_given(call.input))
    return await _me(call, await show_attendant(call.cases, by))


@endpoint("POST /v1/me/password", takes=OwnPasswordBody, limited=True)
async def change_own_password(call: Call[OwnPasswordBody]) -> None:
    """Change one's password; one's other sign-ins end."""
    call.limits.sign_in_by_email.take(call.by.email)
    await call.cases.change_password.own(call.by, current=call.input.current, new=call.input.new)
    call.limits.sign_in_by_email.give_back(call.by.email)
    await call.cases.sign_in_out.stay(call.token, by=call.by)


@endpoint("GET /v1/counts", takes=Nothing, returns=CountsOut)
async def read_counts(call: Call[Nothing]) -> CountsOut:
    """Count the attendances that one may see, for the tabs; `all` are those not closed."""
    it = await call.cases.read_board.counts(call.by)
    return CountsOut(
        waiting=it.waiting, mine=it.mine, all=it.all, closed=it.closed, unread=it.unread
    )


ENDPOINTS: Final = (read_me, change_me, change_own_password, read_counts)


async def _me(call: Call[Any], me: AttendantOut | None = None) -> MeOut:
    place = call.cases.grant_live.place if call.cases.grant_live else None
    return MeOut(
        attendant=me or await show_attendant(call.cases, call.by),
        locale=call.options.locale,
        live=place.kind if place else "websocket",
        firebase=FirebaseOut.of(place) if place else None,
        simulator=call.cases.play_phone is not None,
        version=call.options.version,
        limits=LimitsOut(text=TEXT_LIMIT, caption=CAPTION_LIMIT, files=FILES_AT_ONCE),
    )
