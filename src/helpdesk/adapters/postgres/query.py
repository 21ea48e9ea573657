"""Conditions of a query, composed of fixed pieces; whatever comes from outside is a parameter."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from helpdesk.domain.attendance import Status
from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.views import AttendanceFilter


@dataclass(slots=True)
class Query:
    """`a` is the attendance in all of its conditions."""

    conditions: list[str] = field(default_factory=list)
    parameters: list[object] = field(default_factory=list)

    def parameter(self, value: object) -> str:
        self.parameters.append(value)
        return f"${len(self.parameters)}"

    def add(self, condition: str) -> None:
        self.conditions.append(condition)

    def where(self, *more: str) -> str:
        return " AND ".join((*self.conditions, *more)) or "true"

    def seen_by(self, viewer: Attendant) -> None:
        """The rule of `domain.visibility.sees`, in SQL."""
        if viewer.role is Role.ADMIN:
            return
        me = self.parameter(viewer.id)
        theirs = f"a.sector_id = ANY ({self.parameter(list(viewer.sectors))}::uuid[])"
        if viewer.role is not Role.MANAGER:
            theirs = f"a.status = 'waiting' AND {theirs}"
        self.add(f"(a.attendant_id = {me} OR ({theirs}))")

    def restrict(self, filter: AttendanceFilter, viewer: Attendant) -> None:
        if filter.mine:
            self.add(f"a.attendant_id = {self.parameter(viewer.id)}")
        if filter.sector_id is not None:
            self.add(f"a.sector_id = {self.parameter(filter.sector_id)}")
        if filter.client_id is not None:
            self.add(f"a.client_id = {self.parameter(filter.client_id)}")

    def continue_after(self, columns: str, beyond: str, place: tuple[object, object]) -> None:
        """Begin after a row, in the order of `columns`; a place of Nones is the beginning."""
        key, id = place
        if id is not None:
            self.add(f"({columns}) {beyond} ({self.parameter(key)}, {self.parameter(id)})")


def partitions(statuses: Iterable[Status] | None) -> list[str]:
    """Conditions that each fit a partial index and together select `statuses`; None: all."""
    wanted = set(Status if statuses is None else statuses)
    live = sorted(wanted - {Status.CLOSED})
    parts = ["a.status <> 'closed'"] if len(live) > 1 else [f"a.status = '{it}'" for it in live]
    if Status.CLOSED in wanted:
        parts.append("a.status = 'closed'")
    return parts or ["false"]
