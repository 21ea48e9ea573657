"""The webhook over HTTP: who may call, what is safe before the answer, and what is put aside."""

import asyncio
import json
from collections.abc import AsyncIterator
from io import BytesIO

import aiohttp
import pytest
from structlog.testing import capture_logs

from helpdesk.adapters.whatsapp.cloud.hook import LIMIT
from helpdesk.adapters.whatsapp.cloud.signature import HEADER, is_signed, sign
from helpdesk.domain.bridge import InboundMessage
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.report import UnreadableReported
from tests.support.clock import StoppedClock
from tests.support.graph.peer import VERIFY, hook_of, listening
from tests.support.graph.server import SECRET
from tests.support.phone_peer import Sink
from tests.whatsapp.cloud.payloads import a_message, body, of_messages, of_status

TEXT = body(of_messages(a_message("text")))


class Caller:
    def __init__(self, url: str, http: aiohttp.ClientSession, sink: Sink) -> None:
        self.url, self.http, self.sink = url, http, sink

    async def post(self, data: bytes, signature: str | None = None) -> int:
        headers = {HEADER: sign(data, SECRET) if signature is None else signature}
        async with self.http.post(self.url, data=BytesIO(data), headers=headers) as answer:
            return answer.status

    async def ask(self, **query: str) -> tuple[int, str]:
        asked = {f"hub.{name}": value for name, value in query.items()}
        async with self.http.get(self.url, params=asked) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    sink = Sink()
    async with (
        listening(hook_of(sink, StoppedClock())) as address,
        aiohttp.ClientSession() as http,
    ):
        yield Caller(f"{address}/webhooks/whatsapp/cloud", http, sink)


async def test_who_knows_the_verify_token_gets_the_challenge_back(caller: Caller) -> None:
    fits = {"mode": "subscribe", "challenge": "42", "verify_token": VERIFY}
    assert await caller.ask(**fits) == (200, "42")
    for wrong in ({"verify_token": "x"}, {"mode": "other"}, {"verify_token": "é"}):
        assert (await caller.ask(**(fits | wrong)))[0] == 403


@pytest.mark.parametrize(
    "signature", ["", "sha256=", "sha256=00", sign(TEXT, "wrong"), "é", SECRET]
)
async def test_what_is_not_signed_is_not_read(caller: Caller, signature: str) -> None:
    assert await caller.post(TEXT, signature) == 401
    assert caller.sink.offered == []


async def test_the_signature_is_of_the_raw_bytes(caller: Caller) -> None:
    spaced = json.dumps(json.loads(TEXT), indent=3).encode()
    assert await caller.post(spaced) == 200
    assert await caller.post(spaced, sign(TEXT, SECRET)) == 401
    assert len(caller.sink.of(InboundMessage)) == 1


async def test_a_body_over_three_megabytes_is_refused(caller: Caller) -> None:
    assert await caller.post(b" " * (LIMIT + 1)) == 413
    assert await caller.post(TEXT + b" " * (LIMIT - len(TEXT))) == 200


async def test_it_answers_only_when_everything_is_safe(caller: Caller) -> None:
    caller.sink.failures = [UnavailableError()]
    assert await caller.post(TEXT) == 503
    gate = caller.sink.gates[caller.sink.offered[0].key] = asyncio.Event()
    waiting = asyncio.create_task(caller.post(TEXT))
    await caller.sink.until(lambda: len(caller.sink.offered) == 2)
    assert not waiting.done()
    gate.set()
    assert await waiting == 200


async def test_one_of_many_streams_that_fails_fails_all(caller: Caller) -> None:
    others = [a_message("text", id=f"wamid.{n}", **{"from": f"551190000{n:04}"}) for n in range(4)]
    caller.sink.failures = [UnavailableError()]
    many = body(of_messages(*others, contacts=[]))
    assert await caller.post(many) == 503
    assert await caller.post(many) == 200


@pytest.mark.parametrize("malformed", [b"{", b"[]", b'{"object":"page","entry":[]}'])
async def test_what_is_signed_and_cannot_be_read_is_put_aside(
    caller: Caller, malformed: bytes
) -> None:
    with capture_logs():
        assert await caller.post(malformed) == 200
    [aside] = caller.sink.of(UnreadableReported)
    assert (aside.body, aside.source, bool(aside.reason)) == (malformed, "whatsapp.cloud", True)


async def test_a_part_that_cannot_be_read_is_put_aside_and_the_rest_taken(caller: Caller) -> None:
    nobody = a_message("text", id="wamid.nobody", **{"from": None})
    with capture_logs():
        both = body(of_messages(nobody, a_message("image"), contacts=[]))
        assert await caller.post(both) == 200
    assert len(caller.sink.of(InboundMessage)) == 1
    assert len(caller.sink.of(UnreadableReported)) == 1


async def test_no_log_line_names_a_client(caller: Caller) -> None:
    with capture_logs() as logs:
        await caller.post(TEXT)
        await caller.post(body(of_status()))
        await caller.post(b"{")
    assert logs
    assert "5511987654321" not in str(logs)
    assert "Olá" not in str(logs)


async def test_another_webhook_is_not_there(caller: Caller) -> None:
    async with caller.http.post(f"{caller.url}x", data=TEXT) as answer:
        assert answer.status == 404


def test_any_of_the_secrets_will_do_and_none_never() -> None:
    assert is_signed(b"x", sign(b"x", "b"), ("a", "b"))
    assert not is_signed(b"x", sign(b"x", ""), ("",))
