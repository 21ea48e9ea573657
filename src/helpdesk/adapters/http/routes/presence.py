"""Dashboards that do not follow the feed of the API say by themselves that they are open."""

from typing import Final

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.decode import Nothing
from helpdesk.adapters.http.out import Out


class PresenceOut(Out, frozen=True):
    """`late`: events do not come to Firestore for a while; follow `/v1/feed` until it is false."""

    late: bool


@endpoint("PUT /v1/me/presence/{id}", takes=Nothing, returns=PresenceOut)
async def be_present(call: Call[Nothing]) -> PresenceOut:
    """Be online: a dashboard is open. It chooses its id, and repeats this every 15 seconds."""
    await call.cases.presence.beat(call.by.id, str(call.id))
    watch = call.cases.watch_live
    return PresenceOut(late=watch is not None and await watch.is_late())


@endpoint("DELETE /v1/me/presence/{id}", takes=Nothing)
async def leave(call: Call[Nothing]) -> None:
    """Say that this dashboard closes; one that does not is forgotten within a minute."""
    await call.cases.presence.leave(call.by.id, str(call.id))


ENDPOINTS: Final = (be_present, leave)
