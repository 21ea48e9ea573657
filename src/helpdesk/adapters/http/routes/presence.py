"""Dashboards that do not follow the feed of the API say by themselves that they are open."""

from typing import Final

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.decode import Nothing


@endpoint("PUT /v1/me/presence/{id}", takes=Nothing)
async def be_present(call: Call[Nothing]) -> None:
    """Be online: a dashboard is open. It chooses its id, and repeats this every 15 seconds."""
    await call.cases.presence.beat(call.by.id, str(call.id))


@endpoint("DELETE /v1/me/presence/{id}", takes=Nothing)
async def leave(call: Call[Nothing]) -> None:
    """Say that this dashboard closes; one that does not is forgotten within a minute."""
    await call.cases.presence.leave(call.by.id, str(call.id))


ENDPOINTS: Final = (be_present, leave)
