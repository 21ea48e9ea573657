"""A worker in miniature; in its first life it starts a child, and freezes when it is pinged."""

import json
import subprocess
import sys
import time
from pathlib import Path


def say(**line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main() -> None:
    lived = Path("lived")
    first = not lived.exists()
    lived.touch()
    if first:
        subprocess.Popen(["sleep", "600"])
    say(hello={"contract": 1, "engine": "miniature"})
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["method"] == "ping" and first:
            time.sleep(600)
        say(id=asked.get("id"), ok={})
        if asked["method"] == "start":
            say(seq=1, ev="state", state="connected", us="551130000000@c.us")


if __name__ == "__main__":
    main()
