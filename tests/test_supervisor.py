"""The supervisor: services come back, and go when asked."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk.domain.errors import UnavailableError
from helpdesk.supervisor import LONGEST_WAIT, keep, run_until


class EnoughError(Exception):
    pass


async def test_a_failing_service_is_started_again_with_growing_waits() -> None:
    waits: list[float] = []
    starts = 0

    async def service() -> None:
        nonlocal starts
        starts += 1
        raise UnavailableError("database") if starts % 2 else ValueError("bug")

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 12:
            raise EnoughError

    with pytest.raises(EnoughError):
        await keep("relay", service, sleep=sleep)
    assert starts == 12
    assert waits[0] <= 0.2
    assert max(waits) <= LONGEST_WAIT
    assert min(waits[8:]) >= LONGEST_WAIT / 2


def test_a_process_that_stands_back_is_niced_alone_and_in_its_session() -> None:
    """As processes are from the shell, or from a supervisor: in a session of its own."""
    code = "import os; from helpdesk.supervisor import stand_back; stand_back(7); print(os.nice(0))"
    code += "; print(open('/proc/self/autogroup').read())"
    group = Path("/proc/self/autogroup")
    before = group.read_text() if group.exists() else ""
    for own in (True, False):
        said = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=bool(before),
            start_new_session=own,
        ).stdout.split()
        assert said[0] == "7"
        if before:
            assert said[-1] == ("7" if own else before.split()[-1])


async def test_all_services_end_when_asked() -> None:
    stop, running, ended = asyncio.Event(), asyncio.Event(), []

    async def service() -> None:
        running.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    task = asyncio.create_task(run_until(stop, {"one": service}))
    await running.wait()
    stop.set()
    await asyncio.wait_for(task, 60)
    assert ended == [True]
