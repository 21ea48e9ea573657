"""The real venom-bot in a real Chromium: what its bridge does beyond what every bridge does."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from helpdesk.adapters.whatsapp.venom.bridge import VenomBridge
from helpdesk.domain.bridge import InboundMessage
from helpdesk.domain.session import SessionState
from tests.support.phone_peer import SESSION, Sink, running, states
from tests.support.whatsapp_web.server import WhatsAppWeb
from tests.support.whatsapp_web.stage import Stage

FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(FOLDER):
            for mark in (pytest.mark.venom, pytest.mark.slow, pytest.mark.xdist_group("venom")):
                item.add_marker(mark)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """Our number, linked, its bridge running."""

    stage: Stage
    bridge: VenomBridge
    sink: Sink

    @property
    def web(self) -> WhatsAppWeb:
        return self.stage.web

    async def says(self, id: str, **fields: object) -> str:
        """Let a client write, and return the id that the bridge should give it."""
        who = cast("dict[str, Any]", fields.pop("who", {}))
        message = {"type": "chat", "body": "oi", **fields}
        said = await self.web.call(self.web.say(id, message, **who))
        return f"false_{id}_{said}"

    async def heard(self, count: int = 1) -> list[InboundMessage]:
        return await self.sink.has(InboundMessage, count)

    async def is_told(self, *wanted: SessionState) -> None:
        """Wait until these are the states that were told."""
        try:
            await self.sink.until(lambda: states(self.sink) == list(wanted))
        except TimeoutError:
            assert states(self.sink) == list(wanted)
            raise

    async def is_back(self) -> None:
        """Wait until the number was away and is there again; a slow page may take two steps."""

        def back() -> bool:
            told = states(self.sink)
            return SessionState.DISCONNECTED in told and told[-1] is SessionState.CONNECTED

        await self.sink.until(back)


@pytest.fixture
async def line(stage: Stage) -> AsyncIterator[Line]:
    await stage.set(now)
    sink = Sink()
    bridge = stage.bridge(SESSION, now)
    async with running(bridge, sink):
        await sink.until(lambda: states(sink) == [SessionState.CONNECTED])
        yield Line(stage, bridge, sink)
