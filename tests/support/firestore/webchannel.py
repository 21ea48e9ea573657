"""Firestore's listeners for browsers: WebChannel over HTTP, as Firebase's web SDK speaks it.

A session is opened by a POST, whose form carries headers and messages; what the server has to say
goes out as numbered arrays on a GET that stays open, and again from where the next GET says it was
broken off.  Who may read what, `Rules` say, each time that something is shown.
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aiohttp import web
from google.cloud.firestore_v1.types import firestore as types
from google.protobuf.json_format import MessageToDict, ParseDict

from tests.support.firestore.channel import DENIED, Channel, May, path_of
from tests.support.firestore.documents import Documents
from tests.support.firestore.queries import collection_of
from tests.support.firestore.rules import Rules
from tests.support.firestore.writing import Writing

_SERVICE: Final = "/google.firestore.v1.Firestore"
HEARTBEAT: Final = 10.0  # seconds
_VERSION, _KEEP_ALIVE = 12, 30_000
_Request, _Change = types.ListenRequest.pb(), types.TargetChange.pb()

# What a request's headers say of who asks: None, or `uid` and `token`, the claims.
WhoAsks = Callable[[str], Any]


@dataclass(slots=True)
class Target:
    collection: str
    look: Callable[[], list[Any]]
    shown: dict[str, Any] | None = None  # update times by name; None: nothing was told yet


@dataclass
class Listening(Channel):
    targets: dict[int, Target] = field(default_factory=dict)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, message: Mapping[str, Any]) -> None:
        """Begin or end a target."""
        request = ParseDict(message, _Request(), ignore_unknown_fields=True)
        if request.remove_target:
            self.targets.pop(request.remove_target, None)
            self._change("REMOVE", [request.remove_target])
            return
        it, wanted = request.add_target.target_id, request.add_target.query
        self.targets[it] = Target(
            collection_of(wanted.parent, wanted.structured_query),
            lambda: self.documents.query(wanted.parent, wanted.structured_query),
        )
        self._change("ADD", [it])
        self.asked.set()

    async def run(self) -> None:
        """Tell what there is, then what changes; what one commit changed at once."""
        while True:
            self.asked.clear()
            version = self.documents.version
            told = [self._tell(id, it) for id, it in list(self.targets.items())]
            if any(told):
                self._change("NO_CHANGE", [])
            await self._wait(version)

    async def _wait(self, version: int) -> None:
        asked = asyncio.create_task(self.asked.wait())
        moved = asyncio.create_task(self.documents.moved(version))
        try:
            await asyncio.wait({asked, moved}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            asked.cancel()
            moved.cancel()
            await asyncio.gather(asked, moved, return_exceptions=True)

    def _tell(self, id: int, it: Target) -> bool:
        if not self.may("list", f"{path_of(it.collection)}/any"):
            del self.targets[id]
            self._change("REMOVE", [id], cause={"code": 7, "message": DENIED})
            return False
        before, found = it.shown, {doc.name: doc for doc in it.look()}
        it.shown = {name: doc.update_time for name, doc in found.items()}
        told = [doc for name, doc in found.items() if (before or {}).get(name) != doc.update_time]
        for doc in told:
            document = MessageToDict(doc)
            self.say({"documentChange": {"document": document, "targetIds": [id]}})
        gone = [name for name in before or {} if name not in found]
        for name in gone:
            at = MessageToDict(_Change(read_time=self.documents.now()))["readTime"]
            delete = {"document": name, "readTime": at, "removedTargetIds": [id]}
            self.say({"documentDelete": delete})
        if before is None:
            self._change("CURRENT", [id])
        return before is None or bool(told or gone)

    def _change(self, kind: str, targets: list[int], **more: Any) -> None:
        change = _Change(target_change_type=kind, target_ids=targets)
        if kind in ("CURRENT", "NO_CHANGE"):
            change.read_time.CopyFrom(self.documents.now())
        self.say({"targetChange": {**MessageToDict(change), "targetChangeType": kind, **more}})


class WebChannel:
    """Sessions of browsers, upon `documents`; `ahead`: how much later it is by the rules' clock."""

    def __init__(self, documents: Documents, rules: Rules, who_asks: WhoAsks) -> None:
        self._documents, self._rules, self._who_asks = documents, rules, who_asks
        self._sessions: dict[str, Channel] = {}
        self.ahead = timedelta()

    def mount(self, app: web.Application) -> None:
        path = f"{_SERVICE}/{{method:Listen|Write}}/channel"
        app.router.add_post(path, self._send)
        app.router.add_get(path, self._receive)

    def end(self) -> None:
        """Forget everybody, as a server does that is started anew."""
        for it in list(self._sessions.values()):
            self._close(it)

    async def _send(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        if (id := request.query.get("SID")) is None:
            return self._open(request, form)
        session = self._sessions.get(id)
        if session is None:
            return web.Response(status=400, text="Unknown SID")
        if request.query.get("TYPE") == "terminate":
            self._close(session)
            return _answer(request, "")
        session.acknowledge(int(request.query.get("AID", 0)))
        for it in _messages(form):
            session.take(it)
        return _answer(request, _framed([1, session.last, 0]))

    def _open(self, request: web.Request, form: Mapping[str, Any]) -> web.Response:
        headers = f"{form.get('headers', '')}{request.query.get('$httpHeaders', '')}"
        kind = {"Listen": Listening, "Write": Writing}[request.match_info["method"]]
        session: Channel = kind(self._documents, self._may(headers))
        self._sessions[session.id] = session
        for it in _messages(form):
            session.take(it)
        session.pump = asyncio.create_task(session.run())
        hello = ["c", session.id, "", 8, _VERSION, _KEEP_ALIVE]
        return _answer(request, _framed([[0, hello]]), {"X-HTTP-Session-Id": session.id})

    def _may(self, headers: str) -> May:
        auth = self._who_asks(headers)
        return lambda method, path: self._rules.allow(
            method, path, auth, datetime.now(UTC) + self.ahead
        )

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        session = self._sessions.get(request.query.get("SID", ""))
        if session is None:
            return web.Response(status=400, text="Unknown SID")
        if request.query.get("TYPE") == "terminate":
            self._close(session)
            return _answer(request, "")
        sent = int(request.query.get("AID", 0))
        session.acknowledge(sent)
        response = web.StreamResponse(headers=_headers(request))
        response.enable_chunked_encoding()
        with suppress(ConnectionError):  # the next request gets what was lost
            await response.prepare(request)
            await self._stream(session, response, sent, at_once=request.query.get("CI") == "1")
        return response

    async def _stream(
        self, session: Channel, response: web.StreamResponse, sent: int, *, at_once: bool
    ) -> None:
        while session.id in self._sessions:
            session.moved.clear()
            fresh = [it for it in session.arrays if it[0] > sent]
            for id, array in fresh:
                await response.write(_framed([[id, array]]).encode())
                sent = id
            if at_once and fresh:
                return
            try:
                async with asyncio.timeout(HEARTBEAT):
                    await session.moved.wait()
            except TimeoutError:
                session.say("noop")

    def _close(self, session: Channel) -> None:
        self._sessions.pop(session.id, None)
        if session.pump:
            session.pump.cancel()
        session.moved.set()


def _messages(form: Mapping[str, Any]) -> Iterator[Any]:
    for number in range(int(form.get("count", 0))):
        yield json.loads(form[f"req{number}___data__"])


def _framed(it: Any) -> str:
    text = json.dumps(it)
    return f"{len(text)}\n{text}"


def _answer(request: web.Request, text: str, more: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(text=text, headers={**_headers(request), **(more or {})})


def _headers(request: web.Request) -> dict[str, str]:
    return {
        "Content-Type": "text/plain; charset=utf-8",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": request.headers.get("Origin", "*"),
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": "X-HTTP-Session-Id",
    }
