"""`make bench`: everything; `make bench ARGS="replies"`: some of it."""

import argparse
import tempfile
from pathlib import Path

import uvloop

from benchmarks import inbound, media, process, replies, webhooks
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
            await inbound.latency(place / "latency", rate / 2)
        if "media" in chosen:
            await media.measure(place / "media")
        if "webhooks" in chosen:
            await webhooks.measure()


ALL = ["process", "replies", "inbound", "media", "webhooks"]
parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
parser.add_argument("chosen", nargs="*", choices=[*ALL, []], metavar="|".join(ALL))
uvloop.run(main(parser.parse_args().chosen or ALL))
