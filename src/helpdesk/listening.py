"""Dashboards that listen elsewhere, when the chosen feed has such a place."""

from collections.abc import Awaitable, Callable

from helpdesk.container import UseCases
from helpdesk.domain.usecases.grant_live import GrantLive
from helpdesk.domain.usecases.project_feed import ProjectFeed
from helpdesk.domain.usecases.watch_live import WatchLive
from helpdesk.opening import Opening, serves

Ping = Callable[[], Awaitable[None]]


async def open_projection(opening: Opening, cases: UseCases) -> ProjectFeed | None:
    """Wire what writes the feed there; None when nobody listens elsewhere."""
    if not serves("live", opening.settings):
        return None
    live = await opening.port("live")
    return ProjectFeed(store=cases.store(), feed=cases.feed(), live=live)


async def open_grants(opening: Opening, cases: UseCases) -> GrantLive | None:
    """Wire what lets browsers listen there; None when nobody does."""
    if not serves("identity", opening.settings):
        return None
    identity = await opening.port("identity")
    return GrantLive(store=cases.store(), feed=cases.feed(), identity=identity, now=cases.now())


def watch_live(cases: UseCases) -> WatchLive:
    """Wire what knows whether events come there."""
    return WatchLive(store=cases.store(), feed=cases.feed(), now=cases.now())


async def open_ping(opening: Opening) -> Ping | None:
    """Find what asks how that place is; None when there is none."""
    if not serves("live", opening.settings):
        return None
    ping: Ping = (await opening.port("live")).ping
    return ping
