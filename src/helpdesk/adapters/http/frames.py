"""The feed's events as they go over the wire."""

from collections import OrderedDict
from typing import Final

import msgspec

from helpdesk.adapters.http.payloads import payload_of
from helpdesk.adapters.wire.events import name_of
from helpdesk.ports.feed import FeedItem

KEPT: Final = 1000


class Frames:
    """Each event is written once, however many dashboards follow in this process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, bytes] = OrderedDict()

    def of(self, item: FeedItem) -> bytes:
        """Write an item, or find it written."""
        if item.cursor not in self._kept:
            self._kept[item.cursor] = _written(item)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return self._kept[item.cursor]


def _written(item: FeedItem) -> bytes:
    event = item.envelope.event
    return msgspec.json.encode(
        {
            "type": "event",
            "cursor": str(item.cursor),
            "event": name_of(event),
            "at": event.at,
            "payload": payload_of(event),
        }
    )
