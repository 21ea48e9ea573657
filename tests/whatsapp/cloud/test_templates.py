"""Listing an account's templates: all pages, seldom, and only what can be sent from here."""

import json
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.adapters.whatsapp.cloud.graph import Graph
from helpdesk.adapters.whatsapp.cloud.outgoing import body_of
from helpdesk.adapters.whatsapp.cloud.templates import FRESH_FOR, CloudTemplates, template_of
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.message import Content, Kind
from helpdesk.domain.template import Template, TemplateStatus
from helpdesk.neighbours import Cloud
from helpdesk.opening import opening
from helpdesk.settings import Settings
from tests.support.builders import a_session
from tests.support.graph.phones import ACCOUNT, NUMBER
from tests.support.graph.server import VERSION, FakeGraph, refusal
from tests.support.graph.templates import HELLO, ORDER
from tests.support.phones import reply

SESSION = a_session()


@pytest.fixture
async def graph(fake: FakeGraph) -> AsyncIterator[Graph]:
    async with aiohttp.ClientSession() as http:
        yield Graph(http=http, base_url=fake.url, version=VERSION, token=fake.token, number=NUMBER)


def listing(graph: Graph, clock: Any = monotonic) -> CloudTemplates:
    return CloudTemplates(lambda _: (graph, ACCOUNT), clock)


async def test_all_pages_are_read_once_in_some_minutes(fake: FakeGraph, graph: Graph) -> None:
    now = [0.0]
    templates = listing(graph, lambda: now[0])
    fake.templates = [HELLO | {"name": f"t{n}"} for n in range(5)]
    fake.page = 2
    for _ in range(2):
        assert [it.name for it in await templates.of(SESSION)] == ["t0", "t1", "t2", "t3", "t4"]
    assert fake.listed == 3
    now[0], fake.templates = FRESH_FOR, [HELLO]
    assert [it.name for it in await templates.of(SESSION)] == ["retomar_atendimento"]


async def test_what_is_not_approved_is_not_asked_for(fake: FakeGraph, graph: Graph) -> None:
    fake.templates = [HELLO, ORDER | {"status": "PENDING"}]
    assert [it.name for it in await listing(graph).of(SESSION)] == ["retomar_atendimento"]


@pytest.mark.parametrize("answer", [refusal(190, "bad token"), refusal(2, status=500), (503, {})])
async def test_a_refusal_is_told_and_not_remembered(
    fake: FakeGraph, graph: Graph, answer: tuple[int, dict[str, object]]
) -> None:
    templates = listing(graph)
    fake.refusals = [answer]
    with pytest.raises(UnavailableError) as refused:
        await templates.of(SESSION)
    assert fake.token not in str(refused.value)
    assert await templates.of(SESSION)


async def test_who_waits_for_the_list_is_told_when_it_takes_too_long(
    fake: FakeGraph, graph: Graph
) -> None:
    fake.latency = 60
    templates = CloudTemplates(lambda _: (graph, ACCOUNT), monotonic, patience=0.05)
    with pytest.raises(UnavailableError, match="too long"):
        await templates.of(SESSION)


def test_a_template_is_read_with_its_parts_and_examples() -> None:
    it = template_of(ORDER)
    assert it
    assert (it.header, it.footer, it.category) == ("Pedido {{1}}", "Loja Exemplo", "utility")
    assert {one.key: one.example for one in it.variables} == {
        "header.1": "1042",
        "cliente": "Ana",
        "dia": "sexta",
        "button.1": "1042",
    }
    hello = template_of(HELLO)
    assert hello
    assert [(one.key, one.example) for one in hello.variables] == [("1", "Ana")]


@pytest.mark.parametrize(
    "component",
    [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "text": "Copy"}]},
        {"type": "CAROUSEL", "cards": []},
        {"type": "LIMITED_TIME_OFFER"},
        {"type": "BODY", "text": ""},
    ],
    ids=lambda it: it["type"],
)
def test_what_cannot_be_sent_from_here_is_left_out(component: dict[str, Any]) -> None:
    assert template_of(HELLO | {"components": [*HELLO["components"], component]}) is None


def test_a_status_that_is_not_known_is_no_approval() -> None:
    it = template_of(HELLO | {"status": "IN_APPEAL"})
    assert it
    assert it.status is TemplateStatus.DISABLED


def test_the_body_for_meta_has_each_value_in_its_component() -> None:
    template = template_of(ORDER)
    assert template
    given = {"header.1": "7", "cliente": "Rita", "dia": "hoje", "button.1": "7"}
    text, filled = template.fill(given)
    body = body_of(reply(content=Content(Kind.TEXT, text, template=filled)), None)
    assert body["type"] == "template"
    assert body["template"] == {
        "name": "pedido_enviado",
        "language": {"code": "pt_BR"},
        "components": [
            {"type": "header", "parameters": [{"type": "text", "text": "7"}]},
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "text": "Rita", "parameter_name": "cliente"},
                    {"type": "text", "text": "hoje", "parameter_name": "dia"},
                ],
            },
            {
                "type": "button",
                "sub_type": "url",
                "index": "0",
                "parameters": [{"type": "text", "text": "7"}],
            },
        ],
    }
    plain = Template(name="bye", language="en", category="utility", body="Bye", examples={})
    _, filled = plain.fill({})
    body = body_of(reply(content=Content(Kind.TEXT, "Bye", template=filled)), None)
    assert body["template"] == {"name": "bye", "language": {"code": "en"}}


async def test_an_account_or_a_token_that_is_not_configured_is_named() -> None:
    for cloud, named in ((Cloud(token="t"), "account_id"), (Cloud(account_id="1"), "token")):
        async with opening(Settings(cloud=cloud)) as opened:
            templates = await opened.templates("whatsapp.cloud")
            with pytest.raises(UnavailableError, match=named):
                await templates.of(SESSION)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda it: st.lists(it, max_size=3) | st.dictionaries(st.text(max_size=5), it, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["components", "name", "status", "example", "buttons", "text"]), _JSON)
def test_whatever_meta_answers_is_read_or_left_out(field: str, value: Any) -> None:
    def changed(it: Any) -> Any:
        if isinstance(it, dict):
            return {k: value if k == field else changed(v) for k, v in it.items()}
        return [changed(one) for one in it] if isinstance(it, list) else it

    template_of(changed(json.loads(json.dumps(ORDER))))
