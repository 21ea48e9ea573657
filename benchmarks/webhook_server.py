"""A process that takes webhooks: `bare` only checks the signature, `whole` publishes with confirm.

python -m benchmarks.webhook_server bare|whole AMQP_URL; prints its port when it listens.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import uvloop
from aiohttp import web
from aiohttp.typedefs import Handler

from helpdesk.adapters.http import webhooks
from helpdesk.adapters.http.keys import OPTIONS
from helpdesk.adapters.http.options import HttpOptions, Probes
from helpdesk.adapters.system import clock
from helpdesk.adapters.whatsapp.cloud.signature import HEADER, is_signed
from helpdesk.neighbours import Amqp
from helpdesk.opening import abilities_in, opening
from helpdesk.settings import Adapters, Settings, Telemetry
from helpdesk.telemetry import configure
from helpdesk.wiring import use_cases
from tests.support.graph.peer import hook_of
from tests.support.graph.server import SECRET


async def bare(request: web.Request) -> web.Response:
    body = await request.read()
    fits = is_signed(body, request.headers.get(HEADER, ""), (SECRET,))
    return web.Response(status=200 if fits else 401)


async def ready() -> Mapping[str, str | None]:
    return {}


@asynccontextmanager
async def whole(app: web.Application, url: str) -> AsyncIterator[Handler]:
    adapters = Adapters(store="memory", feed="memory", media="memory", broker="amqp")
    settings = Settings(adapters=adapters, amqp=Amqp(url=url, prefix="bench"))
    async with opening(settings) as opened:
        cases = await use_cases(opened, "store", "broker")
        app[OPTIONS] = HttpOptions(
            base_url="http://127.0.0.1",
            probes=Probes(ready=ready),
            version="1",
            abilities=abilities_in(settings),
            webhooks={"whatsapp.cloud": hook_of(cases.forward_report(), clock.now)},
        )
        yield webhooks.take


async def main(kind: str, url: str) -> None:
    configure(Telemetry(level="warning"))
    app = web.Application(client_max_size=4 * 1024 * 1024)
    if kind == "bare":
        await serve(app, bare)
        return
    async with whole(app, url) as handler:
        await serve(app, handler)


async def serve(app: web.Application, handler: Handler) -> None:
    app.router.add_post(webhooks.PATH, handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:3]))
