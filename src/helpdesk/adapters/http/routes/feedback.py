"""The client's feedback: no sign-in, a secret link, once."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.auth import Access
from helpdesk.adapters.http.decode import Nothing
from helpdesk.adapters.http.out import Out
from helpdesk.adapters.http.peers import address_of, neighbourhood
from helpdesk.adapters.http.routes.bodies import NO_NUL, Body
from helpdesk.domain.feedback import (
    COMMENT_LIMIT,
    FeedbackExpiredError,
    FeedbackUnknownError,
    FeedbackUsedError,
)


class FormOut(Out, frozen=True):
    state: Literal["open"]
    expires_at: datetime


class FeedbackBody(Body, frozen=True):
    score: Annotated[int, msgspec.Meta(ge=1, le=5)]
    comment: Annotated[str, msgspec.Meta(max_length=COMMENT_LIMIT, pattern=NO_NUL)] = ""


class ScoreOut(Out, frozen=True):
    score: int


@endpoint(
    "GET /v1/feedback/{token}",
    takes=Nothing,
    returns=FormOut,
    errors=(FeedbackUnknownError, FeedbackExpiredError, FeedbackUsedError),
    access=Access.ANYONE,
    limited=True,
)
async def read_form(call: Call[Nothing]) -> FormOut:
    """Ask whether the link may be used; this changes nothing."""
    _count(call)
    form = await call.cases.give_feedback.form(call.text("token"))
    return FormOut("open", form.expires_at)


@endpoint(
    "POST /v1/feedback/{token}",
    takes=FeedbackBody,
    returns=ScoreOut,
    errors=(FeedbackUnknownError, FeedbackExpiredError, FeedbackUsedError),
    access=Access.ANYONE,
    limited=True,
)
async def give_feedback(call: Call[FeedbackBody]) -> ScoreOut:
    """Give a score, once."""
    _count(call)
    await call.cases.give_feedback(
        call.text("token"), score=call.input.score, comment=call.input.comment
    )
    return ScoreOut(call.input.score)


def _count(call: Call[Any]) -> None:
    address = address_of(call.request, call.options.trusted_proxies)
    call.limits.feedback.take(neighbourhood(address))


ENDPOINTS: Final = (read_form, give_feedback)
