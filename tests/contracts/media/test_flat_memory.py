"""However large a file is, what it takes of memory stays small."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("way", ["local", "firebase", "http"])
def test_a_hundred_megabytes_pass_through_sixteen(tmp_path: Path, way: str) -> None:
    measured = subprocess.run(
        [sys.executable, "-m", "tests.support.flat", way, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    grown = int(measured.stdout.splitlines()[-1])  # above it may be lines of the log
    assert grown <= 16
