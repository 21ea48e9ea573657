"""`ports.webhook.Webhook` for Meta: the signature first, then everything the body tells."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final
from uuid import UUID

import structlog

from helpdesk.adapters.whatsapp.cloud.hostile import MalformedError
from helpdesk.adapters.whatsapp.cloud.numbers import KnownNumbers
from helpdesk.adapters.whatsapp.cloud.signature import HEADER, is_signed
from helpdesk.adapters.whatsapp.cloud.webhook import Heard, hear
from helpdesk.domain.bridge import Report
from helpdesk.domain.ids import SessionId
from helpdesk.domain.report import UnreadableReported
from helpdesk.ports.bridge import Sink
from helpdesk.ports.system import Clock
from helpdesk.ports.webhook import NotSignedError

LIMIT: Final = 3 * 1024 * 1024  # bytes; Meta's own
NOBODY: Final = SessionId(UUID(int=0))

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudHook:
    secrets: Sequence[str] = field(repr=False)
    verify_token: str = field(repr=False)
    numbers: Callable[[], Awaitable[KnownNumbers]]
    sink: Sink
    now: Clock
    limit: int = LIMIT

    def challenge(self, query: Mapping[str, str]) -> str | None:
        given = query.get("hub.verify_token", "").encode("utf-8", "replace")
        fits = hmac.compare_digest(given, self.verify_token.encode())
        if query.get("hub.mode") != "subscribe" or not self.verify_token or not fits:
            return None
        return query.get("hub.challenge", "")

    async def take(self, body: bytes, headers: Mapping[str, str]) -> None:
        given = next((v for k, v in headers.items() if k.lower() == HEADER.lower()), "")
        if not is_signed(body, given, self.secrets):
            raise NotSignedError
        numbers = await self.numbers()
        try:
            heard = hear(body, numbers, at=self.now())
        except MalformedError as error:
            await self._put_aside(body, str(error))
            return
        await self._forward([report for it in heard for report in it.reports])
        for it in heard:
            log.info("webhook_heard", event_of=it.event, type=it.type, errors=it.errors)
        if problems := _problems(heard):
            await self._put_aside(body, problems)

    async def _forward(self, reports: list[Report]) -> None:
        """Publish in order for each stream, streams at the same time; one failure fails all."""
        streams: dict[str, list[Report]] = {}
        for it in reports:
            streams.setdefault(it.key, []).append(it)
        if len(streams) == 1:
            await self._in_order(reports)
            return
        try:
            async with asyncio.TaskGroup() as tasks:
                for stream in streams.values():
                    tasks.create_task(self._in_order(stream))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures

    async def _in_order(self, reports: list[Report]) -> None:
        for it in reports:
            await self.sink(it)

    async def _put_aside(self, body: bytes, reason: str) -> None:
        """Hand on what no consumer can take, so that it ends among the dead letters."""
        log.warning("webhook_unreadable", reason=reason, bytes=len(body))
        at = self.now()
        await self.sink(
            UnreadableReported(
                at=at, session_id=NOBODY, source="whatsapp.cloud", reason=reason, body=body
            )
        )


def _problems(heard: Sequence[Heard]) -> str:
    found = sorted(it.problem for it in heard if it.problem)
    return " ".join(problem for problem, _ in groupby(found))
