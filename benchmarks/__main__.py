"""`make bench`: everything; `make bench ARGS="replies"`: some of it."""

import argparse
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import uvloop

from benchmarks import firebase, inbound, media, process, replies, split, webhooks
from benchmarks.office import office
from helpdesk.settings import Telemetry
from helpdesk.supervisor import collect_rarely
from helpdesk.telemetry import configure


async def _inbound(place: Path) -> None:
    rate = await inbound.measure(place / "rate")
    async with office(place / "latency") as it, inbound.posting(it) as say:
        await inbound.latency(it, say, rate / 2, "one process")


async def _listening(place: Path) -> None:
    from benchmarks import listening  # noqa: PLC0415 - with Google's libraries: see `firebase`

    await listening.measure(place)


async def _webhooks(_: Path) -> None:
    await webhooks.measure()


MEASURES: Final[dict[str, Callable[[Path], Awaitable[None]]]] = {
    "process": process.measure,
    "replies": replies.measure,
    "inbound": _inbound,
    "split": split.measure,
    "media": media.measure,
    "firebase": firebase.measure,
    "listening": _listening,
    "webhooks": _webhooks,
}


async def main(chosen: list[str]) -> None:
    configure(Telemetry(level="warning"))
    collect_rarely()  # as what is measured does; a collection stops the clock for 90 ms
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder:
        for name in (it for it in MEASURES if it in chosen):
            await MEASURES[name](Path(folder) / name)


ALL: Final = [*MEASURES]
parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
parser.add_argument("chosen", nargs="*", choices=[*ALL, []], metavar="|".join(ALL))
uvloop.run(main(parser.parse_args().chosen or ALL))
