"""Templates: listed with their variables, sent filled, and let through where free text is not."""

import pytest

from helpdesk.domain.bridge import InboundMessage, Outcome, StateReported, StatusReported
from helpdesk.domain.message import Content, Delivery, Kind
from helpdesk.domain.template import TemplateChoice, pick
from tests.support.builders import a_session
from tests.support.phone_peer import PhonePeer, Seen, Sink, TemplatePeer, able, running
from tests.support.phones import ANA, reply

HELLO = TemplateChoice(name="retomar_atendimento", language="pt_BR", variables={"1": "Rita"})
ORDER = TemplateChoice(
    name="pedido_enviado",
    language="pt_BR",
    variables={"header.1": "7", "cliente": "Rita", "dia": "sexta", "button.1": "7"},
)


def having(peer: PhonePeer) -> TemplatePeer:
    if not isinstance(peer, TemplatePeer):
        pytest.skip("this peer has no templates")
    return peer


async def made(peer: TemplatePeer, choice: TemplateChoice) -> Content:
    """Fill a template as the helpdesk does."""
    template = pick(await peer.templates().of(a_session()), choice)
    text, filled = template.fill(choice.variables)
    return Content(Kind.TEXT, text, template=filled)


@pytest.mark.parametrize("choice", [HELLO, ORDER], ids=lambda it: it.name)
async def test_a_template_reaches_the_phone_with_its_variables_filled(
    peer: PhonePeer, sink: Sink, choice: TemplateChoice
) -> None:
    async with running(peer.bridge(), sink) as bridge:
        able(bridge, templates=True)
        peer = having(peer)
        await sink.has(StateReported)
        content = await made(peer, choice)
        assert "Rita" in content.text
        result = await bridge.send(reply(content=content))
        assert result.outcome is Outcome.ACCEPTED
        assert await peer.screen() == [Seen(content.text, "delivered")]
        await sink.until(
            lambda: Delivery.DELIVERED in [it.delivery for it in sink.of(StatusReported)]
        )


async def test_to_who_fell_silent_free_text_is_refused_and_a_template_goes(
    peer: PhonePeer, sink: Sink
) -> None:
    peer = having(peer)
    async with running(peer.windowed(), sink) as bridge:
        await sink.has(StateReported)
        await peer.say("oi")
        await sink.has(InboundMessage)
        assert (await bridge.send(reply())).outcome is Outcome.ACCEPTED
        await peer.fall_silent(of=ANA)
        refused = await bridge.send(reply())
        assert refused.outcome is Outcome.REJECTED
        assert refused.failure
        assert refused.failure.code == "window_closed"
        sent = await bridge.send(reply(content=await made(peer, HELLO)))
        assert sent.outcome is Outcome.ACCEPTED
