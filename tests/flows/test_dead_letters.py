"""Poison: put aside while neighbours flow, found at the command line, replayed after the cure."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from helpdesk.adapters.amqp.broker import opened
from helpdesk.adapters.amqp.options import AmqpOptions
from helpdesk.domain.bridge import InboundMessage
from helpdesk.domain.identity import Identity
from helpdesk.domain.message import Content, Kind
from helpdesk.ports.broker import INBOUND
from helpdesk.ports.outbox import Envelope
from tests.support.apart import Apart, apart
from tests.support.builders import fresh
from tests.support.clock import NOON
from tests.support.desk import Desk, Json, eventually
from tests.support.rabbitmq import own_node
from tests.support.reports import SESSION
from tests.support.server import Server

pytestmark = [pytest.mark.postgres, pytest.mark.rabbitmq, pytest.mark.slow]
STRANGER = "+5511300000009"  # writes to a number of ours that is not there yet
POISON = Envelope(
    id=fresh(),
    event=InboundMessage(
        at=NOON,
        session_id=SESSION,
        sender=(Identity.phone(STRANGER),),
        sender_name="Rui",
        provider_id="poison",
        sent_at=NOON,
        content=Content(Kind.TEXT, "Alguém aí?"),
    ),
    correlation="poison",
)
CURE = """
INSERT INTO session OVERRIDING USER VALUE
SELECT (jsonb_populate_record(session, jsonb_build_object('id', $1::text))).*
FROM session LIMIT 1
"""


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Apart]:
    node = await asyncio.to_thread(own_node)
    async with apart(node, tmp_path) as it:
        yield it


async def test_a_poisonous_report_is_put_aside_and_replayed_after_the_cure(office: Apart) -> None:
    api, _, _ = await office.start("api", "consumer", "bot")
    visitor = await office.visit(api)
    desk, phone = await visitor.desk(), visitor.phone("+5511300000008")
    await publish(office, POISON)
    (letter,) = await eventually(lambda: desk.items("/v1/dead-letters"))
    assert (letter["queue"], letter["reason"]) == ("inbound", "exhausted")
    await phone.writes("depois")  # neighbours flow
    await desk.attendance_of(phone.number)

    assert letter["id"] in said(api, "dead-letters", "list")
    assert STRANGER not in said(api, "dead-letters", "list")
    assert "Alguém aí?" in said(api, "dead-letters", "show", letter["id"])

    said(api, "dead-letters", "replay", letter["id"])
    await eventually(lambda: deaths(desk, letter), lambda it: it == 2)  # nothing was cured yet
    database = await asyncpg.connect(office.environment["HELPDESK__POSTGRES__DSN"])
    await database.execute(CURE, str(SESSION))
    await database.close()
    assert "1 on their way" in said(api, "dead-letters", "replay", "--all")
    cured = await desk.attendance_of(STRANGER)
    assert [it["text"] for it in await desk.messages(cured["id"])] == ["Alguém aí?"]
    assert await desk.items("/v1/dead-letters") == []
    assert await desk.items("/v1/dead-letters", state="replayed") != []
    said(api, "dead-letters", "discard", letter["id"])
    assert await desk.items("/v1/dead-letters", state="replayed") == []


async def publish(office: Apart, envelope: Envelope) -> None:
    where = office.environment
    options = AmqpOptions(url=where["HELPDESK__AMQP__URL"], prefix=where["HELPDESK__AMQP__PREFIX"])
    async with opened(options) as broker:
        await broker.publish(INBOUND, envelope, key="poison")


async def deaths(desk: Desk, letter: Json) -> int:
    shown = await desk.get(f"/v1/dead-letters/{letter['id']}")
    return int(shown["letter"]["deaths"])


def said(server: Server, *arguments: str) -> str:
    ended = server.run(*arguments)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_a_replay_says_what_to_replay(tmp_path: Path) -> None:
    ended = Server(tmp_path / "data").run("dead-letters", "replay")
    assert (ended.returncode, "--all" in ended.stderr) == (1, True)
