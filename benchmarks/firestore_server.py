"""The stand-in for Firestore in a process of its own: `python -m benchmarks.firestore_server`.

Prints where it listens, and serves until its standard input ends.
"""

import asyncio
import sys

from tests.support.firestore.peer import serving


async def main() -> None:
    async with serving() as peer:
        print(peer.host, flush=True)
        await asyncio.to_thread(sys.stdin.read)


asyncio.run(main())
