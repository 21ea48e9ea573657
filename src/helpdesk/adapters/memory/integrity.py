"""What a unit of work may not leave behind, looked at when it ends.

A row that refers to nothing is a bug, not an outcome: hence no DomainError.
"""

from collections.abc import Iterator, MutableMapping
from typing import TypeVar

from helpdesk.adapters.memory.tables import Layer, Tables

Key = TypeVar("Key")
Row = TypeVar("Row")


def check(layers: Tables) -> None:
    """Refuse broken references and doubled positions."""
    _check_positions(layers)
    broken = [name for name, found in _references(layers) if not found]
    if broken:
        raise RuntimeError(f"Refers to what was never saved: {', '.join(broken)}.")


def _check_positions(layers: Tables) -> None:
    if not _written(layers.messages):
        return
    taken = {(it.attendance_id, it.position) for it in layers.messages.values()}
    if len(taken) != len(layers.messages):
        raise RuntimeError("Two messages of an attendance have the same position.")


def _references(layers: Tables) -> Iterator[tuple[str, bool]]:
    for it in _written(layers.attendances):
        yield "attendance.client_id", it.client_id in layers.clients
        yield "attendance.session_id", it.session_id in layers.sessions
        yield "attendance.sector_id", it.sector_id in layers.sectors
        yield "attendance.attendant_id", it.attendant_id in {None, *layers.attendants}
    for message in _written(layers.messages):
        yield "message.attendance_id", message.attendance_id in layers.attendances
        yield "message.author", message.author in {None, *layers.attendants}
        yield "message.quote", message.quote in {None, *layers.messages}
    for feedback in _written(layers.feedbacks):
        yield "feedback.attendance_id", feedback.attendance_id in layers.attendances
    for attendant in _written(layers.attendants):
        yield "attendant.sectors", attendant.sectors <= set(layers.sectors)
    for sign_in in _written(layers.sign_ins):
        yield "sign_in.attendant_id", sign_in.attendant_id in layers.attendants


def _written(table: MutableMapping[Key, Row]) -> list[Row]:
    assert isinstance(table, Layer)
    return table.written
