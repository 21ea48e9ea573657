"""Short words for what happens in the simulated network."""

from uuid import uuid4

from helpdesk.domain.bridge import Outbound
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import Content, Kind
from helpdesk.domain.simulator import Conversation, PhoneMessage, Said
from helpdesk.ports.simulator import Simulator
from tests.support.clock import NOON, after

ANA = Identity.phone("+5511987654321")
BIA = Identity.phone("+5521912345678")
MANY = 1000


async def say(
    it: Simulator,
    text: str = "oi",
    *,
    by: Identity = ANA,
    id: str | None = None,
    quote: str | None = None,
    name: str | None = None,
) -> PhoneMessage:
    content = Content(Kind.TEXT, text)
    said = Said(id=id or str(uuid4()), phone=by, content=content, quote=quote, name=name)
    return await it.phones.say(said, at=NOON)


def reply(
    text: str = "olá",
    *,
    to: Identity = ANA,
    quote: str | None = None,
    content: Content | None = None,
) -> Outbound:
    return Outbound(
        message_id=MessageId(uuid4()),
        address=to,
        content=content or Content(Kind.TEXT, text),
        quote_provider_id=quote,
    )


async def shown(it: Simulator, on: Identity = ANA, *, since: int = 0) -> Conversation:
    return await it.phones.conversation(on, after=since, limit=MANY, at=NOON)


async def texts(it: Simulator, on: Identity = ANA) -> list[tuple[str, str]]:
    return [(m.content.text, m.delivery) for m in (await shown(it, on)).items]


async def told(it: Simulator, *, seconds: float = 0) -> list[str]:
    """What the bridge has to be told now, as text."""
    found = await it.account.news(limit=MANY, at=after(seconds=seconds))
    return [
        f"{n.phone.name or n.phone.number.value}: {n.message.content.text} {n.message.delivery}"
        if n.message
        else f"{n.phone.number.value} typing {n.typing}"
        for n in found
    ]


async def acknowledge_all(it: Simulator) -> None:
    news = await it.account.news(limit=MANY, at=after(hours=1))
    await it.account.acknowledge([n.position for n in news])
