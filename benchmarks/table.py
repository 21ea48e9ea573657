"""Tables for people who read a terminal."""

from collections.abc import Iterable, Sequence
from statistics import quantiles
from textwrap import fill
from typing import Final

WIDTH: Final = 88

Row = Sequence[object]


def show(title: str, head: Row, rows: Iterable[Row], how: str) -> None:
    """Print a table, and how its figures were obtained."""
    lines = [[_told(it) for it in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    print(f"\n{title}\n")
    for number, line in enumerate(lines):
        first, *others = zip(line, widths, strict=True)
        print("  ".join(["", first[0].ljust(first[1]), *(it.rjust(w) for it, w in others)]))
        if number == 0:
            print("  ".join(["", *("-" * it for it in widths)]))
    print()
    print(fill(" ".join(how.split()), WIDTH, initial_indent="  ", subsequent_indent="  "))


def _told(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """The 50th and the 99th, in milliseconds."""
    cuts = quantiles(seconds, n=100)
    return cuts[49] * 1000, cuts[98] * 1000
