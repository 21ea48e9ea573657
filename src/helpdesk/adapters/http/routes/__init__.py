"""The endpoints, one module for each noun."""

from typing import Any, Final

from helpdesk.adapters.http.api import Endpoint
from helpdesk.adapters.http.routes import (
    amendments,
    attendances,
    clients,
    dead_letters,
    feedback,
    live,
    me,
    media,
    messages,
    presence,
    push,
    sessions,
    sign_in,
    simulator,
    team,
    templates,
)

API: Final[tuple[Endpoint[Any], ...]] = (
    *sign_in.ENDPOINTS,
    *me.ENDPOINTS,
    *live.ENDPOINTS,
    *presence.ENDPOINTS,
    *push.ENDPOINTS,
    *attendances.ENDPOINTS,
    *messages.ENDPOINTS,
    *amendments.ENDPOINTS,
    *media.ENDPOINTS,
    *clients.ENDPOINTS,
    *team.ENDPOINTS,
    *sessions.ENDPOINTS,
    *templates.ENDPOINTS,
    *dead_letters.ENDPOINTS,
    *feedback.ENDPOINTS,
)
SIMULATOR: Final[tuple[Endpoint[Any], ...]] = simulator.ENDPOINTS
