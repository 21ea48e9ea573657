"""The HTTP API as people use it: one signed-in attendant, one phone, one live feed."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, TypeVar

import aiohttp

from tests.support.refused import RefusedError
from tests.support.server import ADMIN, PASSWORD, Server

Json: TypeAlias = dict[str, Any]
Result = TypeVar("Result")

PATIENCE: Final = 60.0  # seconds; nothing is judged by its speed


async def eventually(
    look: Callable[[], Awaitable[Result]],
    good: Callable[[Result], object] = bool,
    *,
    patience: float = PATIENCE,
    pause: float = 0.03,
) -> Result:
    """Look again and again until what is seen is good."""
    clock = asyncio.get_running_loop().time
    until = clock() + patience
    while not good(seen := await look()):
        if clock() > until:
            raise AssertionError(f"still not as wanted: {seen!r:.2000}")
        await asyncio.sleep(pause)
    return seen


@dataclass(slots=True)
class Api:
    """Requests of one person; anything but success raises RefusedError."""

    http: aiohttp.ClientSession
    url: str
    token: str = ""

    async def get(self, path: str, **query: object) -> Any:
        return await self.call("GET", path, query={k: _told(v) for k, v in query.items()})

    async def post(self, path: str, body: object = None, *, key: str = "") -> Any:
        return await self.call("POST", path, body, key=key)

    async def patch(self, path: str, body: object) -> Any:
        return await self.call("PATCH", path, body)

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: dict[str, str] | None = None,
        key: str = "",
    ) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if key:
            headers["Idempotency-Key"] = key
        async with self.http.request(
            method, f"{self.url}{path}", json=body, params=query, headers=headers
        ) as answer:
            told = await answer.read()
            if answer.status >= 400:
                raise RefusedError(answer.status, _problem(told), answer.headers.get("Retry-After"))
            return json.loads(told) if answer.content_type == "application/json" else told

    async def items(self, path: str, **query: object) -> list[Json]:
        """Fetch all pages of a list."""
        found: list[Json] = []
        while True:
            page = await self.get(path, **query)
            found += page["items"]
            if page["next"] is None:
                return found
            query["cursor"] = page["next"]


@dataclass(slots=True)
class Desk(Api):
    """An attendant."""

    id: str = ""

    async def attendances(self, **query: object) -> list[Json]:
        return await self.items("/v1/attendances", limit=100, **query)

    async def attendance(self, id: str) -> Json:
        found: Json = await self.get(f"/v1/attendances/{id}")
        return found

    async def attendance_of(self, phone: str, **query: object) -> Json:
        """Wait for the newest attendance of a phone."""

        async def look() -> list[Json]:
            shown = await self.attendances(**query)
            return [it for it in shown if it["client"]["phone"] == phone]

        return (await eventually(look))[0]

    async def messages(self, id: str) -> list[Json]:
        """All messages of an attendance, oldest first."""
        page = await self.get(f"/v1/attendances/{id}/messages", limit=200)
        found: list[Json] = page["items"]
        while page["next"] is not None:
            page = await self.get(f"/v1/attendances/{id}/messages", limit=200, before=page["next"])
            found = page["items"] + found
        return found

    async def message(self, of: Json) -> Json:
        """The same message as it is now."""
        return next(it for it in await self.messages(of["attendance_id"]) if it["id"] == of["id"])

    async def reply(self, id: str, text: str, *, key: str = "", quote: str | None = None) -> Json:
        body = {"text": text} if quote is None else {"text": text, "quote": quote}
        said: Json = await self.post(f"/v1/attendances/{id}/replies", body, key=key)
        return said

    async def does(self, id: str, verb: str, **body: object) -> Json:
        """Take, transfer, release, close and so on."""
        after: Json = await self.post(f"/v1/attendances/{id}/{verb}", body or None)
        return after

    async def delivered_as(self, message: Json, *states: str) -> Json:
        """Wait until a reply is in one of these delivery states."""
        return await eventually(lambda: self.message(message), lambda it: it["delivery"] in states)

    @asynccontextmanager
    async def feed(self, since: str | None = None) -> AsyncIterator["FeedClient"]:
        """Follow the feed inside the block, from now or from a cursor."""
        query = {} if since is None else {"since": since}
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.http.ws_connect(
            f"{self.url}/v1/feed", params=query, headers=headers
        ) as socket:
            client = FeedClient(socket)
            await client.greeted()
            yield client


@dataclass(slots=True)
class FeedClient:
    socket: aiohttp.ClientWebSocketResponse
    cursor: str = ""  # pass it as `since`
    events: list[Json] = field(default_factory=list)

    async def greeted(self) -> None:
        hello = await self.next_frame()
        assert hello["type"] in ("hello", "resync"), hello

    async def next_frame(self) -> Json:
        """The next frame; raises ConnectionError when the server ended the feed."""
        said = await self.socket.receive(PATIENCE)
        if said.type is not aiohttp.WSMsgType.TEXT:
            raise ConnectionError(f"the feed ended: {self.socket.close_code}")
        frame: Json = json.loads(said.data)
        self.cursor = frame["cursor"]
        if frame["type"] == "event":
            self.events.append(frame)
        return frame

    async def until(self, good: Callable[[Json], object]) -> Json:
        """Follow until an event is good, and return it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame = await self.next_frame()
                if frame["type"] == "event" and good(frame):
                    return frame

    async def quiet(self, seconds: float = 0.5) -> None:
        """Follow until nothing came for so long."""
        with suppress(TimeoutError):
            while True:
                async with asyncio.timeout(seconds):
                    await self.next_frame()

    async def until_ended(self) -> int | None:
        """Follow until the server ends it, and return the close code."""
        with suppress(ConnectionError):
            while True:
                await self.next_frame()
        return self.socket.close_code

    def texts(self) -> list[str]:
        """What messages said, in the order of their events."""
        heard = ("message.received.v1", "message.written.v1")
        return [it["payload"]["message"]["text"] for it in self.events if it["event"] in heard]


@dataclass(slots=True)
class Phone(Api):
    """A simulated phone."""

    number: str = ""

    async def writes(
        self, text: str, *, key: str = "", quote: str | None = None, name: str | None = None
    ) -> Json:
        body = {"text": text, "quote": quote, "name": name}
        given = {k: v for k, v in body.items() if v is not None}
        said: Json = await self.post(f"{self._path}/messages", given, key=key)
        return said

    async def shows(self) -> list[Json]:
        """All it shows, in its order."""
        found: list[Json] = []
        after = 0
        while True:
            page = await self.get(f"{self._path}/messages", after=after)
            if not page["items"] or page["seq"] == after:
                return found
            known = {it["id"]: it for it in found}
            found = list((known | {it["id"]: it for it in page["items"]}).values())
            after = page["seq"]

    async def receives(self, text: str) -> Json:
        """Wait, by long poll, until it shows a message from the helpdesk that contains `text`."""
        after = 0
        async with asyncio.timeout(PATIENCE):
            while True:
                page = await self.get(f"{self._path}/messages", after=after, wait=5)
                for it in page["items"]:
                    if it["direction"] == "in" and text in it["text"]:
                        found: Json = it
                        return found
                after = page["seq"]

    async def received(self) -> list[str]:
        """The texts that came from the helpdesk, in order."""
        return [it["text"] for it in await self.shows() if it["direction"] == "in"]

    async def ticks(self, message: Json) -> str:
        """What it shows beside a message now."""
        shown = {it["id"]: it for it in await self.shows()}
        return str(shown[message["id"]]["delivery"])

    async def reads(self) -> None:
        await self.post(f"{self._path}/read")

    @property
    def _path(self) -> str:
        return f"/simulator/phones/{self.number}"


@dataclass(slots=True)
class Visitor:
    """Makes desks and phones at one server."""

    server: Server
    http: aiohttp.ClientSession
    _phones: int = 0

    async def desk(self, email: str = ADMIN, password: str = PASSWORD) -> Desk:
        token = await asyncio.to_thread(self.server.token, email, password)
        desk = Desk(self.http, self.server.url, token)
        desk.id = (await desk.get("/v1/me"))["attendant"]["id"]
        return desk

    async def attendant(self, name: str, role: str = "attendant", **properties: object) -> Desk:
        """Engage somebody and sign them in."""
        email = f"{name.lower()}@example.com"
        body = {"name": name, "email": email, "role": role, "password": PASSWORD, **properties}
        await (await self.desk()).post("/v1/attendants", body)
        return await self.desk(email)

    def phone(self, number: str) -> Phone:
        return Phone(self.http, self.server.url, number=number)


@asynccontextmanager
async def visiting(server: Server) -> AsyncIterator[Visitor]:
    """Open connections to a server; as many as are asked for."""
    limits = aiohttp.TCPConnector(limit=0)
    patience = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(connector=limits, timeout=patience) as http:
        yield Visitor(server, http)


def _told(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _problem(body: bytes) -> Json:
    try:
        told = json.loads(body)
    except ValueError:
        return {"body": body.decode(errors="replace")}
    return told if isinstance(told, dict) else {"body": told}
