"""However large a file is, what it takes of memory stays small."""

import subprocess
import sys
from pathlib import Path

MEASURE = """
import asyncio, resource, sys
from pathlib import Path
from helpdesk.adapters.local.media import LocalMedia
from tests.support.streams import many

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

async def main():
    media = LocalMedia(Path(sys.argv[1]))
    await media.prepare()
    small = await media.put(many(bytes(65_536), 16), limit=10**9)
    async with media.open(small.blob) as chunks:
        async for it in chunks:
            pass
    idle = peak()
    stored = await media.put(many(bytes(range(256)) * 256, 1600), limit=10**9)
    read = 0
    async with media.open(stored.blob) as chunks:
        async for it in chunks:
            read += len(it)
    assert read == stored.blob.size == 1600 * 65_536
    print(peak() - idle)

asyncio.run(main())
"""


def test_a_hundred_megabytes_pass_through_sixteen(tmp_path: Path) -> None:
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path / "media")],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert int(measured.stdout) <= 16, measured.stdout
