"""The feed in the OpenAPI document, which has no words of its own for WebSockets."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Final

from helpdesk.adapters.http.payloads import AttendanceState, MessageState
from helpdesk.adapters.wire.events import NAMES
from helpdesk.domain.bridge import Report
from helpdesk.domain.change import Command

Json = dict[str, Any]

PATH: Final = "/v1/feed"
_ABOUT: Final = """\
A WebSocket. The first frame is `hello` with the cursor of now, or with `since`; then come `event`
frames with what the viewer may see, and a `heartbeat` every 15 seconds. `resync` says that `since`
is too old: fetch the state anew and go on from its cursor. Pass the last cursor as `since` when
coming back. Close codes: 4401, sign in again; 1012, the server restarts.

A dashboard may send `{"type": "typing", "attendance_id": …}`.
"""


def feed_path(refusal: Callable[[HTTPStatus, Sequence[str]], Json]) -> Json:
    """Describe it; the frames are in the extension `x-websocket`."""
    text = {"type": "string", "pattern": "^[0-9]{0,18}$"}
    since = {"name": "since", "in": "query", "required": False, "schema": text}
    operation = {
        "operationId": "follow_feed",
        "tags": ["feed"],
        "summary": "Follow what happens.",
        "description": _ABOUT,
        "parameters": [since],
        "security": [{"bearer": []}, {"cookie": []}],
        "responses": {
            "101": {"description": "Switching Protocols"},
            "401": refusal(HTTPStatus.UNAUTHORIZED, ["unauthenticated"]),
            "403": refusal(HTTPStatus.FORBIDDEN, ["csrf"]),
            "422": refusal(HTTPStatus.UNPROCESSABLE_ENTITY, ["invalid"]),
            "426": refusal(HTTPStatus.UPGRADE_REQUIRED, ["upgrade_required"]),
            "503": refusal(HTTPStatus.SERVICE_UNAVAILABLE, ["unavailable"]),
        },
        "x-websocket": {
            "frames": {
                "hello": {"cursor": "string", "heartbeat_seconds": "number"},
                "event": {"cursor": "string", "event": "string", "at": "time", "payload": "object"},
                "heartbeat": {"cursor": "string"},
                "resync": {"cursor": "string"},
            },
            "events": [
                name for name, kind in NAMES.items() if not issubclass(kind, Command | Report)
            ],
            "states": {
                "attendance": list(AttendanceState.__struct_fields__),
                "message": list(MessageState.__struct_fields__),
            },
        },
    }
    return {PATH: {"get": operation}}
