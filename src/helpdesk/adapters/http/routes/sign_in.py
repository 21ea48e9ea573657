"""Signing in and out."""

from datetime import datetime
from typing import Annotated, Final

import msgspec
from aiohttp import web

from helpdesk.adapters.http.api import Call, endpoint, to_json
from helpdesk.adapters.http.auth import COOKIE, Access
from helpdesk.adapters.http.decode import Nothing
from helpdesk.adapters.http.out import Out
from helpdesk.adapters.http.peers import address_of, neighbourhood
from helpdesk.adapters.http.routes.bodies import NO_NUL, Body
from helpdesk.adapters.http.routes.team import show_attendant
from helpdesk.adapters.http.team_views import AttendantOut
from helpdesk.domain.usecases.sign_in import VALID_FOR, InvalidCredentialsError


class SignInBody(Body, frozen=True):
    email: Annotated[str, msgspec.Meta(max_length=320, pattern=NO_NUL)]
    password: Annotated[str, msgspec.Meta(max_length=1000)]


class SignedInOut(Out, frozen=True):
    """`token` is for the Authorization header; browsers get it as a cookie that scripts cannot
    read.
    """

    token: str
    expires_at: datetime
    attendant: AttendantOut


@endpoint(
    "POST /v1/sign-in",
    takes=SignInBody,
    returns=SignedInOut,
    errors=(InvalidCredentialsError,),
    access=Access.ANYONE,
    limited=True,
)
async def sign_in(call: Call[SignInBody]) -> web.Response:
    """Sign in with e-mail address and password.

    After some failures from one address, or for one e-mail address, it takes a while.
    """
    by_address, by_email = call.limits.sign_in_by_address, call.limits.sign_in_by_email
    address = neighbourhood(address_of(call.request, call.options.trusted_proxies))
    email = call.input.email.strip().lower()
    by_address.take(address)
    by_email.take(email)
    signed_in = await call.cases.sign_in_out(email, call.input.password)
    by_address.give_back(address)
    by_email.give_back(email)
    attendant = await show_attendant(call.cases, signed_in.attendant)
    answer = to_json(SignedInOut(signed_in.token, signed_in.expires_at, attendant), call.request)
    answer.set_cookie(
        COOKIE,
        signed_in.token,
        max_age=int(VALID_FOR.total_seconds()),
        path="/",
        secure=call.options.is_https,
        httponly=True,
        samesite="Strict",
    )
    return answer


@endpoint("POST /v1/sign-out", takes=Nothing)
async def sign_out(call: Call[Nothing]) -> web.Response:
    """End this sign-in."""
    await call.cases.sign_in_out.out(call.token)
    answer = web.Response(status=204)
    answer.del_cookie(
        COOKIE, path="/", secure=call.options.is_https, httponly=True, samesite="Strict"
    )
    return answer


ENDPOINTS: Final = (sign_in, sign_out)
