"""How many signed webhooks a second one process takes, each confirmed before its answer."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from time import perf_counter
from typing import Final

from benchmarks import table
from helpdesk.adapters.whatsapp.cloud.signature import HEADER, sign
from tests.support.graph.server import SECRET
from tests.support.rabbitmq import a_node
from tests.whatsapp.cloud.payloads import a_message, body, of_messages

SECONDS: Final = 8
CONNECTIONS: Final = 32
PEOPLE: Final = 500


async def measure() -> None:
    with a_node() as node:
        bare, bare_times = await _rate("bare", node.url)
        whole, whole_times = await _rate("whole", node.url)
    table.show(
        "Webhooks of the Cloud API",
        ("", "per second", "p50 ms", "p99 ms", "of bare"),
        [
            ("bare aiohttp, signature only", bare, *table.percentiles(bare_times), 1.0),
            ("read and published", whole, *table.percentiles(whole_times), whole / bare),
        ],
        f"""One text in each webhook, from {PEOPLE} people, over {CONNECTIONS} connections for
        {SECONDS} s.  The server is one process; RabbitMQ and the caller share the machine with it.
        Published: confirmed by a quorum queue before the answer.""",
    )


async def _rate(kind: str, url: str) -> tuple[float, list[float]]:
    async with _server(kind, url) as port:
        numbers = count()
        await asyncio.gather(*(_call(port, numbers, 1.0) for _ in range(CONNECTIONS)))
        began = perf_counter()
        calls = (_call(port, numbers, SECONDS) for _ in range(CONNECTIONS))
        times = [it for one in await asyncio.gather(*calls) for it in one]
        return len(times) / (perf_counter() - began), times


async def _call(port: int, numbers: Iterator[int], seconds: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times, until = [], perf_counter() + seconds
    while (began := perf_counter()) < until:
        writer.write(_request(next(numbers)))
        head = await reader.readuntil(b"\r\n\r\n")
        if head[9:12] != b"200":
            raise RuntimeError(f"{head!r}")
        times.append(perf_counter() - began)
    writer.close()
    return times


def _request(number: int) -> bytes:
    sender = f"55119{number % PEOPLE:08}"
    raw = body(of_messages(a_message("text", id=f"wamid.{number}", **{"from": sender})))
    return (
        f"POST /webhooks/whatsapp/cloud HTTP/1.1\r\nHost: 127.0.0.1\r\n{HEADER}: "
        f"{sign(raw, SECRET)}\r\nContent-Length: {len(raw)}\r\n\r\n"
    ).encode() + raw


@asynccontextmanager
async def _server(kind: str, url: str) -> AsyncIterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.webhook_server", kind, url], stdout=subprocess.PIPE
    )
    try:
        assert process.stdout
        yield int(await asyncio.to_thread(process.stdout.readline))
    finally:
        process.terminate()
        process.wait()
