"""What a webhook's body comes to, one JSON line for each thing it tells: for people who look."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from helpdesk.adapters.whatsapp.cloud.webhook import Heard, hear
from helpdesk.adapters.wire import events
from helpdesk.domain.ids import SessionId

_SOME: Final = SessionId(UUID(int=0))


class _AnyNumber:
    """Whoever has the number: here nobody is asked."""

    def of_number(self, _id: str) -> SessionId | None:
        return _SOME

    def of_account(self, _id: str) -> tuple[SessionId, ...]:
        return (_SOME,)


def explain(body: bytes, *, at: datetime) -> Iterator[str]:
    """Yield the lines.

    Raises:
        MalformedError: it is no webhook of the Cloud API; says why.
    """
    for heard in hear(body, _AnyNumber(), at=at):
        yield msgspec.json.encode(_shown(heard)).decode()


def _shown(it: Heard) -> dict[str, Any]:
    about = {
        "event": it.event,
        "type": it.type,
        "phone_number_id": it.number,
        "id": it.id,
        "flags": list(it.flags),
        "errors": list(it.errors),
        "problem": it.problem or None,
    }
    return about | {"reports": [_report(report) for report in it.reports]}


def _report(report: Any) -> dict[str, Any]:
    name, body = events.encode(report)
    told = msgspec.json.decode(body)
    return {"type": name} | {k: v for k, v in told.items() if k not in ("at", "session_id")}
