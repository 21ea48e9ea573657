"""`make bench`: everything; `make bench ARGS="replies"`: some of it."""

import argparse
import tempfile
from pathlib import Path

import uvloop

from benchmarks import firebase, inbound, media, process, replies, split, webhooks
from benchmarks.office import office
from helpdesk.settings import Telemetry
from helpdesk.telemetry import configure


async def main(chosen: list[str]) -> None:
    configure(Telemetry(level="warning"))
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder:
        place = Path(folder)
        if "process" in chosen:
            await process.measure(place / "process")
        if "replies" in chosen:
            await replies.measure(place / "replies")
        if "inbound" in chosen:
            rate = await inbound.measure(place / "inbound")
            async with office(place / "latency") as it:
                await inbound.latency(it, rate / 2, "one process")
        if "split" in chosen:
            await split.measure(place / "split")
        if "media" in chosen:
            await media.measure(place / "media")
        if "firebase" in chosen:
            await firebase.measure(place / "firebase")
        if "webhooks" in chosen:
            await webhooks.measure()


ALL = ["process", "replies", "inbound", "split", "media", "firebase", "webhooks"]
parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
parser.add_argument("chosen", nargs="*", choices=[*ALL, []], metavar="|".join(ALL))
uvloop.run(main(parser.parse_args().chosen or ALL))
