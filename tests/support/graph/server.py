"""Meta's Graph API in miniature: checks the bearer and the bodies, and calls our webhook.

Webhooks are told again until they are answered with 200, in order for each phone unless disorder
is asked for, as Meta does.
"""

import asyncio
import json
from collections import defaultdict
from contextlib import suppress
from io import BytesIO
from typing import Any, Final

import aiohttp
from aiohttp import web

from helpdesk.adapters.whatsapp.cloud.signature import HEADER, sign
from tests.support.graph.phones import (
    ACCOUNT,
    NUMBER,
    OUR_PHONE,
    Json,
    Phone,
    Phones,
    Shown,
    status,
    webhook,
)
from tests.support.graph.templates import HELLO, ORDER, filled, page

TOKEN: Final = "a-token-of-the-stand-in"
SECRET: Final = "an-app-secret"
VERSION: Final = "v26.0"
AGAIN: Final = 0.02  # seconds before a webhook is told again
TYPES: Final = ("text", "image", "video", "audio", "document", "sticker", "location", "contacts")


class FakeGraph:
    def __init__(self, numbers: tuple[str, ...] = (NUMBER,)) -> None:
        self.numbers = numbers
        self.sent_by: list[tuple[str, Json]] = []  # which number, and the body
        self.phones = Phones()
        self.latency = 0.0
        self.refusals: list[tuple[int, Json]] = []  # status and body for the next sends
        self.sends_refused: list[tuple[int, Json]] = []  # likewise, but uploads go well
        self.templates = [HELLO, ORDER]
        self.page = 100  # templates in one answer
        self.listed = 0  # answers with templates
        self.elsewhere = ""  # where a file is said to be
        self.silences = 0  # so many sends are done and not answered
        self.copies = 0
        self.early: list[tuple[str, Json]] | None = None  # values held back, to be overtaken
        self.token = TOKEN
        self.banned = False
        self.asked = 0  # how our number is
        self.hook_url = ""
        self.posted: list[Json] = []  # bodies of sends, as they came
        self.files: dict[str, tuple[bytes, str]] = {}
        self.answers: list[int] = []  # of our webhook
        self._queues: dict[str, asyncio.Queue[Json]] = defaultdict(asyncio.Queue)
        self._tellers: dict[str, asyncio.Task[None]] = {}
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def up(self) -> None:
        app = web.Application()
        for number in self.numbers:
            app.router.add_post(f"/{VERSION}/{number}/messages", self._post)
            app.router.add_post(f"/{VERSION}/{number}/media", self._upload)
            app.router.add_get(f"/{VERSION}/{number}", self._number)
        app.router.add_get(f"/{VERSION}/{ACCOUNT}/message_templates", self._templates)
        app.router.add_get(f"/{VERSION}/{{media}}", self._locate)
        app.router.add_get("/files/{media}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def down(self) -> None:
        if self._runner:
            runner, self._runner = self._runner, None
            await runner.cleanup()

    async def close(self) -> None:
        for it in self._tellers.values():
            it.cancel()
        await asyncio.gather(*self._tellers.values(), return_exceptions=True)
        await self.down()

    def tell(self, stream: str, value: Json) -> None:
        """Let our webhook know, after what the same stream told before."""
        if self.early is not None:
            self.early.append((stream, value))
            if len(self.early) == 2:
                held, self.early = self.early, None
                for it in reversed(held):
                    self.tell(*it)
            return
        for _ in range(2 if self.copies else 1):
            self._queues[stream].put_nowait(value)
        self.copies = max(self.copies - 1, 0)
        if stream not in self._tellers:
            self._tellers[stream] = asyncio.create_task(self._tell_all(stream))

    async def _tell_all(self, stream: str) -> None:
        async with aiohttp.ClientSession() as http:
            while True:
                body = json.dumps(webhook(await self._queues[stream].get())).encode()
                await asyncio.sleep(self.latency)
                while not await self._took(http, body):
                    await asyncio.sleep(AGAIN)

    async def _took(self, http: aiohttp.ClientSession, body: bytes) -> bool:
        if self._runner is None:
            return False
        with suppress(aiohttp.ClientError):
            headers = {HEADER: sign(body, SECRET), "Content-Type": "application/json"}
            async with http.post(self.hook_url, data=BytesIO(body), headers=headers) as answer:
                self.answers.append(answer.status)
                return answer.status == 200
        return False

    async def _post(self, request: web.Request) -> web.Response:
        body = await request.json()
        refused = self._refused(request) or _next(self.sends_refused)
        if refused:
            return refused
        await asyncio.sleep(self.latency)
        if wrong := wrong_with(body):
            return error(400, 100, wrong)
        self.posted.append(body)
        self.sent_by.append((request.path.split("/")[2], body))
        if body.get("status") == "read":
            return self._seen(body)
        phone = self.phones.of(body.get("to") or body.get("recipient"))
        if phone.missing or not phone.wa_id.isdigit():
            return error(400, 131026, "Message undeliverable")
        if phone.silent and body["type"] != "template":
            return error(400, 131047, "Re-engagement message")
        return self._reacted(body) if body["type"] == "reaction" else self._sent(phone, body)

    def _sent(self, phone: Phone, body: Json) -> web.Response:
        if body["type"] == "template":
            text, refused = filled(self.templates, body["template"])
            if refused:
                return error(400, *refused)
            body = body | {"template": {"body": text}}
        id = self._show(body)
        tracked = {"biz_opaque_callback_data": body.get("biz_opaque_callback_data", "")}
        for name in ("sent", "delivered"):
            self.tell(id, status(phone, id, name, **tracked))
        if self.silences:
            self.silences -= 1
            return web.Response(text="<html>")  # no JSON: who sent cannot know
        contacts = [{"input": phone.wa_id, "wa_id": phone.wa_id}]
        return web.json_response({"contacts": contacts, "messages": [{"id": id}]})

    def _refused(self, request: web.Request) -> web.Response | None:
        return self._shut_out(request) or _next(self.refusals)

    def _shut_out(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return error(401, 190, "Invalid OAuth access token")
        if self.banned:
            return error(403, 368, "The account is temporarily blocked for policy violations")
        return None

    def _show(self, body: Json) -> str:
        phone, kind = self.phones.of(body["to"]), body["type"]
        about: Json = body[kind] if isinstance(body[kind], dict) else {}
        id = self.phones.new_id()
        quote = body.get("context", {}).get("message_id")
        text = about.get("body") or about.get("caption", "")
        phone.messages.append(Shown(id, text, True, "delivered", quote, kind=kind))
        phone.typing = False
        return id

    def _seen(self, body: Json) -> web.Response:
        found = self.phones.find(body["message_id"])
        if found is None:
            return error(400, 100, "no such message")
        phone, upto = found
        for it in phone.messages[: phone.messages.index(upto) + 1]:
            it.tick = it.tick if it.ours else "read"
        phone.typing = phone.typing or "typing_indicator" in body
        return web.json_response({"success": True})

    def _reacted(self, body: Json) -> web.Response:
        found = self.phones.find(body["reaction"]["message_id"])
        if found is None:
            return error(400, 131009, "no such message")
        found[1].reaction = body["reaction"]["emoji"]
        return web.json_response({"messages": [{"id": self.phones.new_id()}]})

    async def _number(self, request: web.Request) -> web.Response:
        self.asked += 1
        if refused := self._shut_out(request):
            return refused
        return web.json_response({"id": NUMBER, "display_phone_number": OUR_PHONE})

    async def _templates(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        await asyncio.sleep(self.latency)
        self.listed += 1
        url = f"{self.url}{request.path}"
        return web.json_response(page(self.templates, request.query, size=self.page, url=url))

    async def _upload(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        form = await request.post()
        file = form["file"]
        if not isinstance(file, web.FileField) or form.get("messaging_product") != "whatsapp":
            return error(400, 100, "no file")
        id = f"file-{len(self.files) + 1}"
        self.files[id] = (file.file.read(), str(form["type"]))
        return web.json_response({"id": id})

    async def _locate(self, request: web.Request) -> web.Response:
        id = request.match_info["media"]
        if id not in self.files:
            body = {"error": {"code": 100, "error_subcode": 33, "message": "no such object"}}
            return web.json_response(body, status=400)
        return web.json_response({"id": id, "url": self.elsewhere or f"{self.url}/files/{id}"})

    async def _download(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        return web.Response(body=self.files[request.match_info["media"]][0])


def _next(refusals: list[tuple[int, Json]]) -> web.Response | None:
    if not refusals:
        return None
    status, body = refusals.pop(0)
    told = {name: it for name, it in body.items() if name != "headers"}
    return web.json_response(told, status=status, headers=body.get("headers"))


def error(status: int, code: int, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)


def refusal(code: int, message: str = "refused", *, status: int = 400) -> tuple[int, Json]:
    return status, {"error": {"code": code, "message": message}}


def wrong_with(body: Any) -> str:
    """Say what Meta would not take."""
    if not isinstance(body, dict) or body.get("messaging_product") != "whatsapp":
        return "messaging_product"
    if body.get("status") == "read":
        return "" if body.get("message_id") else "message_id"
    if bool(body.get("to")) == bool(body.get("recipient")):
        return "to or recipient"
    kind = body.get("type")
    return "" if kind in (*TYPES, "reaction", "template") and kind in body else "type"
