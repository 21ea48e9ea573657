"""Listening elsewhere: what a browser needs besides the API."""

from datetime import datetime
from typing import Final

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.decode import Nothing
from helpdesk.adapters.http.out import Out
from helpdesk.domain.live import TooManySectorsError
from helpdesk.domain.usecases.grant_live import NotLiveError


class LiveTokenOut(Out, frozen=True):
    """`cursor` is that of now; what came before `replay_seconds` is not replayed."""

    token: str
    feeds: list[str]
    cursor: str
    expires_at: datetime
    replay_seconds: int


@endpoint(
    "POST /v1/live/token",
    takes=Nothing,
    returns=LiveTokenOut,
    errors=(NotLiveError, TooManySectorsError),
)
async def grant_live_token(call: Call[Nothing]) -> LiveTokenOut:
    """Let this browser listen in Firestore for an hour, to what one may see."""
    if call.cases.grant_live is None:
        raise NotLiveError
    it = await call.cases.grant_live(by=call.by)
    return LiveTokenOut(
        token=it.token,
        feeds=it.feeds,
        cursor=str(it.cursor),
        expires_at=it.expires_at,
        replay_seconds=int(call.options.keep_feed.total_seconds()),
    )


ENDPOINTS: Final = (grant_live_token,)
