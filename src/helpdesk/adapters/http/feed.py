"""The live feed: what happens, told to each dashboard that may know, over a WebSocket.

Every frame names the last cursor it covers; who comes back with it misses nothing.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from http import HTTPStatus
from time import monotonic
from typing import Any, Final, Literal
from uuid import UUID, uuid4

import msgspec
import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from helpdesk.adapters.http.auth import Access, Caller, admit
from helpdesk.adapters.http.decode import read_input
from helpdesk.adapters.http.keys import CASES, FRAMES, OPTIONS, STREAMS
from helpdesk.adapters.http.problems import RefusedError, invalid, refusal_of
from helpdesk.domain.errors import DomainError, UnavailableError
from helpdesk.domain.ids import AttendanceId
from helpdesk.ports.feed import CursorTooOldError, FeedItem

CURSOR: Final = re.compile("[0-9]{0,18}")
SIGN_IN_AGAIN: Final = 4401
SEND_TAKES: Final = 10.0  # seconds; who cannot read a frame within them reconnects when they can
PING_EVERY: Final = 30.0  # seconds; ends connections whose other end is gone
TYPING_EVERY: Final = 2.0  # seconds between two that are passed on
BUFFERED: Final = 65_536  # bytes that a slow reader may be behind before we wait for it
BIGGEST_WORD: Final = 4096  # bytes of what a dashboard says

log = structlog.get_logger()


class Since(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last cursor of who comes back."""

    since: str = ""


class Typing(msgspec.Struct, frozen=True):
    """The one thing that a dashboard says here."""

    type: Literal["typing"]
    attendance_id: UUID


async def follow(request: web.Request) -> web.WebSocketResponse:
    """Follow the feed as long as the client likes, and is signed in."""
    caller = await admit(request, Access.SIGNED_IN)
    assert caller is not None
    since = (await read_input(request, Since)).since
    if not CURSOR.fullmatch(since):
        raise invalid("since", "give a cursor as the feed told it, or leave it out")
    socket = web.WebSocketResponse(
        heartbeat=PING_EVERY,
        max_msg_size=BIGGEST_WORD,
        compress=False,
        writer_limit=BUFFERED,
    )
    if not socket.can_prepare(request):
        raise RefusedError(
            HTTPStatus.UPGRADE_REQUIRED,
            "upgrade_required",
            "The feed is a WebSocket.",
            headers={"Upgrade": "websocket", "Connection": "Upgrade"},
        )
    if request.app[STREAMS].are_ending:
        raise refusal_of(UnavailableError("The server restarts."))
    with request.app[STREAMS].open(socket):
        await socket.prepare(request)
        await _Follower(request, socket, caller, since).run()
    return socket


class _Follower:
    def __init__(
        self, request: web.Request, socket: web.WebSocketResponse, caller: Caller, since: str
    ) -> None:
        self._socket, self._caller, self._request = socket, caller, request
        self._since = since
        self._cases, self._frames = request.app[CASES], request.app[FRAMES]
        self._pause = request.app[OPTIONS].heartbeat_seconds
        self._connection = str(uuid4())
        self._typed_at: dict[UUID, float] = {}
        self._cursor = 0  # the last one that was told, or was not for this viewer

    async def run(self) -> None:
        """Tell, beat and listen until one of them ends; then close."""
        tasks = [asyncio.create_task(it) for it in (self._tell(), self._beat(), self._listen())]
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            code = max(it.result() for it in ended)
        except (TimeoutError, ConnectionError):
            self._hang_up()
            code = WSCloseCode.ABNORMAL_CLOSURE
        except UnavailableError:
            code = WSCloseCode.TRY_AGAIN_LATER
        except Exception:
            log.exception("feed_failed")
            code = WSCloseCode.INTERNAL_ERROR
        finally:
            await self._leave(tasks)
        await self._socket.close(code=code)

    def _hang_up(self) -> None:
        """A closing handshake would wait for the reader as well."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def _leave(self, tasks: list[asyncio.Task[int]]) -> None:
        for it in tasks:
            it.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(UnavailableError):  # it expires by itself
            await self._cases.presence.leave(self._caller.attendant.id, self._connection)

    async def _tell(self) -> int:
        self._cursor = await self._start()
        hello = {"cursor": str(self._cursor), "heartbeat_seconds": self._pause}
        await self._say("hello", **hello)
        while True:
            try:
                async for cursor, item in self._items():
                    if item is not None:
                        await self._send(self._frames.of(item))
                    self._cursor = cursor
            except CursorTooOldError:
                self._cursor = await self._cases.follow_feed.head()
                await self._say("resync", cursor=str(self._cursor))
            else:
                return SIGN_IN_AGAIN

    async def _start(self) -> int:
        return int(self._since) if self._since else await self._cases.follow_feed.head()

    def _items(self) -> AsyncIterator[tuple[int, FeedItem | None]]:
        caller = self._caller
        return self._cases.follow_feed(caller.attendant, caller.token, since=self._cursor)

    async def _beat(self) -> int:
        """Say at the start and every some seconds that both ends are alive."""
        while True:
            with suppress(UnavailableError):  # the next one may do
                if await self._cases.authenticate(self._caller.token) is None:
                    return SIGN_IN_AGAIN
                await self._cases.presence.beat(self._caller.attendant.id, self._connection)
            await asyncio.sleep(self._pause)
            await self._say("heartbeat", cursor=str(max(self._cursor, 0)))

    async def _listen(self) -> int:
        """Return when the other end has gone."""
        async for word in self._socket:
            if word.type is not WSMsgType.TEXT:
                continue
            with suppress(msgspec.MsgspecError, DomainError):
                await self._typing(msgspec.json.decode(word.data, type=Typing))
        return WSCloseCode.OK

    async def _typing(self, it: Typing) -> None:
        now = monotonic()
        if now - self._typed_at.get(it.attendance_id, -TYPING_EVERY) < TYPING_EVERY:
            return
        self._typed_at = {it.attendance_id: now}
        await self._cases.show_typing(AttendanceId(it.attendance_id), by=self._caller.attendant)

    async def _say(self, type: str, **more: Any) -> None:
        await self._send(msgspec.json.encode({"type": type, **more}))

    async def _send(self, frame: bytes) -> None:
        async with asyncio.timeout(SEND_TAKES):
            await self._socket.send_frame(frame, WSMsgType.TEXT)
