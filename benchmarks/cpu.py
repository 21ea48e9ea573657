"""Processor time of processes and of all that they started, from /proc."""

import os
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.support.split import Split

_TICK: Final = os.sysconf("SC_CLK_TCK")
WHO_MEASURES: Final = "who measures"


def used(its: Split) -> Mapping[str, float]:
    """Seconds of both cores that each role and each neighbour has used so far."""
    table = _processes()
    found = defaultdict[str, float](float, {WHO_MEASURES: table[os.getpid()][1]})
    for it in its.servers.values():
        if it.process is not None:
            found[it.role] += _of_tree(it.pid, table)
    assert its.cluster.process
    found["PostgreSQL"] = _of_tree(its.cluster.process.pid, table)
    found["RabbitMQ"] = _of_tree(its.node.pid, table)
    return found


def for_each(
    before: Mapping[str, float], after: Mapping[str, float], count: int
) -> dict[str, float]:
    """Milliseconds for each of so many messages."""
    return {it: (after[it] - before.get(it, 0.0)) / count * 1000 for it in after}


def _processes() -> Mapping[int, tuple[int, float]]:
    """Each one's parent, and its seconds: with those of its children that have ended."""
    found = {}
    for it in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = it.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        found[int(it.parent.name)] = int(fields[1]), sum(map(int, fields[11:15])) / _TICK
    return found


def _of_tree(root: int, table: Mapping[int, tuple[int, float]]) -> float:
    children = defaultdict[int, list[int]](list)
    for pid, (parent, _) in table.items():
        children[parent].append(pid)
    waiting, seconds = [root], 0.0
    while waiting:
        pid = waiting.pop()
        seconds += table[pid][1] if pid in table else 0.0
        waiting += children[pid]
    return seconds
