"""For whoever keeps us running: alive, ready, and how it goes."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client.exposition import choose_encoder

from helpdesk.adapters.http.api import to_json
from helpdesk.adapters.http.keys import PROBES

SPARED: Final = frozenset({"live"})  # without it dashboards follow the feed of the API
ANSWER_WITHIN: Final = 5.0  # seconds; a probe that waits longer counts us as gone


async def livez(request: web.Request) -> web.Response:
    """The process answers."""
    return to_json({"status": "ok"}, request)


async def readyz(request: web.Request) -> web.Response:
    """Name each component, and what is wrong with it; 503 when we cannot do without it."""
    components = await _ask(request)
    ill = {name for name, trouble in components.items() if trouble is not None}
    wrong = ill - SPARED
    body = {
        "status": "unavailable" if wrong else "degraded" if ill else "ok",
        "components": {name: trouble or "ok" for name, trouble in components.items()},
    }
    answer = to_json(body, request)
    answer.set_status(503 if wrong else 200)
    return answer


async def metrics(request: web.Request) -> web.Response:
    """Counts and gauges, for Prometheus; with exemplars for who reads OpenMetrics."""
    probes = request.app[PROBES]
    await probes.measure()
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return web.Response(body=encode(probes.registry), headers={"Content-Type": content_type})


PATHS: Final[Mapping[str, Handler]] = MappingProxyType(
    {"/livez": livez, "/readyz": readyz, "/metrics": metrics}
)


async def _ask(request: web.Request) -> Mapping[str, str | None]:
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            return await request.app[PROBES].ready()
    except TimeoutError:
        return {"checks": f"did not answer within {ANSWER_WITHIN:.0f} seconds"}
