"""A consumer as a process of its own, to be killed: writes down each number it has handled.

python -m tests.support.amqp_consumer URL PREFIX FILE
"""

import asyncio
import signal
import sys
from pathlib import Path

from helpdesk.domain.bridge import TypingReported
from helpdesk.ports.broker import INBOUND
from helpdesk.ports.outbox import Envelope
from tests.support.rabbitmq import options


async def main(url: str, prefix: str, file: str) -> None:
    from helpdesk.adapters.amqp.broker import opened  # noqa: PLC0415 - after the arguments

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with Path(file).open("a", buffering=1) as ledger:

        async def handle(envelope: Envelope) -> None:
            assert isinstance(envelope.event, TypingReported)
            await asyncio.sleep(0.005)
            # One write of one line: several processes append to the same file.
            ledger.write(f"{envelope.correlation}\n")

        async with opened(options(url, prefix=prefix)) as broker, broker.serve(INBOUND, handle):
            await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
