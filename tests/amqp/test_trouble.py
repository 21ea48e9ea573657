"""A broker that freezes, dies, or refuses us: noticed, told, and no reason to start again."""

import asyncio
import gc
import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from helpdesk.adapters.amqp.broker import AmqpBroker, opened
from helpdesk.adapters.amqp.connection import Connection, Link, connect
from helpdesk.adapters.amqp.options import AmqpOptions
from helpdesk.adapters.amqp.provide import open_broker
from helpdesk.domain.errors import UnavailableError
from helpdesk.neighbours import Amqp
from helpdesk.opening import OpeningError, opening
from helpdesk.ports.broker import INBOUND
from helpdesk.ports.outbox import Envelope
from helpdesk.settings import Adapters, Settings
from tests.support.rabbitmq import KEPT_FROM, Node
from tests.support.reports import enveloped


class Ledger:
    """What was handled."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []

    async def __call__(self, envelope: Envelope) -> None:
        self.taken.append(envelope)

    async def has(self, count: int) -> None:
        async with asyncio.timeout(60):
            while len({it.id for it in self.taken}) < count:
                await asyncio.sleep(0.02)


async def until_published(broker: AmqpBroker, envelope: Envelope, key: str = "a") -> None:
    """Publish as whoever must not lose it does: again and again."""
    async with asyncio.timeout(60):
        while True:
            try:
                await broker.publish(INBOUND, envelope, key=key)
            except UnavailableError:
                await asyncio.sleep(0.05)
            else:
                return


async def test_a_frozen_broker_is_noticed_and_needs_no_restart(
    node: Node, its: AmqpOptions
) -> None:
    ledger, sent = Ledger(), [enveloped(n) for n in range(3)]
    async with opened(replace(its, timeout=1.0)) as broker, broker.serve(INBOUND, ledger):
        await until_published(broker, sent[0])
        node.freeze()
        try:
            began = time.monotonic()
            with pytest.raises(UnavailableError):
                await broker.ping()
            with pytest.raises(UnavailableError):
                await broker.publish(INBOUND, sent[1], key="a")
            assert time.monotonic() - began < 10
        finally:
            node.thaw()
        for it in sent[1:]:
            await until_published(broker, it)
        await ledger.has(3)
        await broker.ping()
    first = list(dict.fromkeys(it.id for it in ledger.taken))
    assert first == [it.id for it in sent]


@pytest.mark.slow
async def test_a_killed_broker_keeps_what_it_confirmed(node: Node, its: AmqpOptions) -> None:
    ledger, sent = Ledger(), [enveloped(n) for n in range(20)]
    with capture_logs() as logs:
        async with opened(its) as broker:
            before = Ledger()
            async with broker.serve(INBOUND, before):
                await until_published(broker, enveloped(99))
                await before.has(1)
            await asyncio.sleep(KEPT_FROM)
            for it in sent[:10]:
                await until_published(broker, it)
            node.kill()
            with pytest.raises(UnavailableError):
                await broker.ping()
            await asyncio.to_thread(node.start)
            for it in sent[10:]:
                await until_published(broker, it)
            async with broker.serve(INBOUND, ledger):
                await ledger.has(20)
    first = list(dict.fromkeys(it.id for it in ledger.taken))
    assert first == [it.id for it in sent]
    assert urlsplit(its.url).password is not None
    assert "guest:guest" not in str(logs)


async def test_a_handler_whose_connection_breaks_is_not_run_at_the_same_time_as_its_successor(
    its: AmqpOptions,
) -> None:
    publishing, consuming = Link(its, "publishing"), Link(its, "consuming")
    at_work, overlaps, ended = 0, list[str](), asyncio.Event()

    async def handle(_: Envelope) -> None:
        nonlocal at_work
        at_work += 1
        if at_work > 1:
            overlaps.append("two at once")
        if not ended.is_set():
            await (await consuming.connection()).close()
            await asyncio.sleep(0.3)
            ended.set()
        at_work -= 1

    runs = [asyncio.create_task(it.run()) for it in (publishing, consuming)]
    broker = AmqpBroker(its, publishing=publishing, consuming=consuming)
    async with broker.serve(INBOUND, handle):
        await broker.publish(INBOUND, enveloped(), key="a")
        await asyncio.wait_for(ended.wait(), 60)
        await broker.publish(INBOUND, enveloped(), key="a")
    for it in runs:
        it.cancel()
    await asyncio.wait(runs)
    assert overlaps == []


# ------------------------------------- a broker that will not have us


async def opening_fails(url: str) -> str:
    settings = Settings(adapters=Adapters(broker="amqp"), amqp=Amqp(url=url))
    async with opening(settings) as it:
        with pytest.raises(OpeningError) as error:
            async with open_broker(it):
                pass
    return str(error.value)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda url: url.replace("guest:guest", "guest:wrong"), "password"),
        (lambda url: url + "nowhere", "virtual host"),
        (lambda url: url.replace("amqp://", "amqps://"), "TLS"),
        (lambda url: url.replace("amqp://", "amqps://") + "?cafile=/nowhere.pem", "cafile"),
    ],
    ids=["password", "virtual host", "no TLS there", "no such file"],
)
async def test_a_broker_that_refuses_us_ends_the_start_with_a_sentence(
    node: Node, change: Callable[[str], str], word: str
) -> None:
    sentence = await opening_fails(change(node.url))
    assert word in sentence
    assert "amqp.url" in sentence
    assert "guest" not in sentence


async def test_a_certificate_of_a_stranger_ends_the_start_too(node: Node) -> None:
    assert "authority" in await opening_fails(node.secure_url)


async def test_tls_with_the_right_authority_works(node: Node, its: AmqpOptions) -> None:
    secure = replace(its, url=f"{node.secure_url}?cafile={node.authority}")
    ledger = Ledger()
    async with opened(secure) as broker, broker.serve(INBOUND, ledger):
        await until_published(broker, enveloped())
        await ledger.has(1)


async def test_what_could_not_be_connected_is_closed(its: AmqpOptions) -> None:
    nowhere = replace(its, url="amqp://nobody:nothing@127.0.0.1:1/")
    with pytest.raises(OSError):  # noqa: PT011 - which one depends on the system
        await connect(nowhere, "a test")
    left = [it for it in gc.get_objects() if isinstance(it, Connection)]
    assert all(it.is_closed for it in left if it.url.user == "nobody")


async def test_a_broker_that_is_down_is_waited_for(its: AmqpOptions) -> None:
    nobody = "amqp://guest:guest@127.0.0.1:1/"
    settings = Settings(adapters=Adapters(broker="amqp"), amqp=Amqp(url=nobody))
    with capture_logs():
        async with opening(settings) as it, open_broker(it) as broker:
            with pytest.raises(UnavailableError):
                await broker.ping()
