"""Files in and out of each media store and of the API, beside `cp` and aiohttp alone."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from benchmarks import table
from helpdesk.domain.file import Blob
from helpdesk.neighbours import Firebase
from helpdesk.ports.media import MediaStore
from tests.http.site import Site, open_site
from tests.support.bucket import Bucket, bucket_settings
from tests.support.memory import memory_opening

SIZE: Final = 100 * 1024 * 1024
ROUNDS: Final = 3
_PIECE: Final = 65_536
MB: Final = 1024 * 1024


async def measure(place: Path) -> None:
    place.mkdir(parents=True)
    source = place / "source"
    source.write_bytes(bytes(range(256)) * (SIZE // 256))
    copied = await _rate(lambda: _copy(source, place / "copy"))
    up, down = await _plain(source)
    rows: list[tuple[object, ...]] = [
        ("cp, and to disk", copied, 1.0, copied, 1.0, ""),
    ]
    requests: list[tuple[object, ...]] = [
        ("aiohttp alone, written to disk", up, 1.0, down, 1.0, "")
    ]
    async with bucket_settings(place, Bucket(place)) as bucket:
        sent = await _rate(lambda: _sent(source, bucket))
        rows.append(("curl alone, to the bucket", sent, sent / copied, "", "", ""))
        for name in ("local", "firebase"):
            files = partial(memory_opening, media=name, place=place / name, firebase=bucket)
            async with files() as opened:
                written, read, peak = await _store(await opened.port("media"), source)
            rows.append((name, written, written / copied, read, read / copied, peak))
            async with open_site(opening=files) as site:
                taken, given, peak = await _api(site, source)
            requests.append((f"API, {name}", taken, taken / up, given, given / down, peak))
    _show(rows, requests)


def _show(rows: list[tuple[object, ...]], requests: list[tuple[object, ...]]) -> None:
    table.show(
        "Files",
        ("", "in, MB/s", "of cp", "out, MB/s", "of cp", "MB more"),
        rows,
        f"""A file of {SIZE // MB} MB, median of {ROUNDS}; all in the same run.  cp ends with
        sync of its file.  The stores are called as the API calls them, in pieces of 64 KB; the
        bucket is fake-gcs-server on this machine, and curl alone sends it the same file by the
        same protocol.  The last column is how much the process grew, at its peak, from /proc.""",
    )
    table.show(
        "Files in requests",
        ("", "in, MB/s", "of aiohttp", "out, MB/s", "of aiohttp", "MB more"),
        requests,
        """The same file and run; client and server in one process.  aiohttp alone: a PUT whose
        body a handler writes to a file and brings to disk, and a GET that streams it back.  API:
        POST /v1/attendances/{id}/media, multipart, and GET /v1/media/{id}; messages are kept in
        memory, files by the adapter.  Target: 0.6 for local.""",
    )


async def _rate(do: Callable[[], Awaitable[None]]) -> float:
    took = []
    for _ in range(ROUNDS):
        began = perf_counter()
        await do()
        took.append(perf_counter() - began)
    return SIZE / MB / median(took)


async def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    command = f'cp "{source}" "{target}" && sync "{target}"'
    await asyncio.to_thread(subprocess.run, command, shell=True, check=True)


async def _plain(source: Path) -> tuple[float, float]:
    """The rates at which aiohttp takes a file and gives it back, with nothing of ours."""
    target = source.with_name("plain")

    async def take(request: web.Request) -> web.Response:
        with target.open("wb") as file:
            async for chunk in request.content.iter_chunked(_PIECE):
                file.write(chunk)
        await asyncio.to_thread(subprocess.run, ["sync", str(target)], check=True)
        return web.Response()

    async def give(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        async for chunk in _pieces(target):
            await response.write(chunk)
        return response

    app = web.Application(client_max_size=2 * SIZE)
    app.add_routes([web.put("/", take), web.get("/", give)])
    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        url = server.make_url("/")

        async def put() -> None:
            async with http.put(url, data=_pieces(source)) as answer:
                answer.raise_for_status()

        async def get() -> None:
            async with http.get(url) as answer:
                async for _ in answer.content.iter_chunked(_PIECE):
                    pass

        return await _rate(put), await _rate(get)


async def _sent(source: Path, bucket: Firebase) -> None:
    """Send it to the bucket with what was made for sending, and nothing of ours."""
    start = f"{bucket.storage_url}/upload/storage/v1/b/{bucket.bucket}/o?uploadType=resumable"
    async with aiohttp.ClientSession() as http, http.post(start, json={"name": "curl"}) as answer:
        there = answer.headers["Location"]
    command = ["curl", "-sS", "-o", "/dev/null", "-H", "Expect:", "-T", str(source), there]
    await asyncio.to_thread(subprocess.run, command, check=True)


async def _api(site: Site, source: Path) -> tuple[float, float, float]:
    """Rates of requests in and out, and by how much the process grew."""
    kept: list[str] = []
    by = site.office.ana
    path = f"/v1/attendances/{(await site.held_by(by)).id}/media"
    headers = {"Authorization": f"Bearer {await site.token(by)}"}

    async def put() -> None:
        form = aiohttp.FormData()
        form.add_field("file", _pieces(source), filename="a.bin")
        async with site.client.post(path, data=form, headers=headers) as answer:
            answer.raise_for_status()
            kept.append((await answer.json())["items"][0]["media"]["id"])

    async def get() -> None:
        async with site.client.get(f"/v1/media/{kept[0]}", headers=headers) as answer:
            answer.raise_for_status()
            async for _ in answer.content.iter_chunked(_PIECE):
                pass

    before = _peak(reset=True)
    return await _rate(put), await _rate(get), _peak() - before


async def _store(media: MediaStore, source: Path) -> tuple[float, float, float]:
    """Rates in and out, and by how much the process grew."""
    kept: list[Blob] = []
    before = _peak(reset=True)

    async def put() -> None:
        kept.append((await media.put(_pieces(source), limit=SIZE)).blob)

    async def read() -> None:
        async with media.open(kept[0]) as chunks:
            async for _ in chunks:
                pass

    return await _rate(put), await _rate(read), _peak() - before


async def _pieces(source: Path) -> AsyncIterator[bytes]:
    with source.open("rb", buffering=MB) as file:
        while piece := file.read(_PIECE):
            yield piece


def _peak(*, reset: bool = False) -> float:
    """The most memory since the last reset, in MB."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    told = Path("/proc/self/status").read_text()
    return int(told.partition("VmHWM:")[2].split()[0]) / 1024
