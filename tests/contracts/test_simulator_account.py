"""What the simulated network promises, to the bridge."""

import pytest

from helpdesk.domain.bridge import Outcome
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.network import Network
from helpdesk.opening import Opening
from helpdesk.ports.simulator import Simulator
from tests.support.clock import NOON, after
from tests.support.phones import ANA, BIA, MANY, acknowledge_all, reply, say, shown, texts, told


@pytest.fixture
async def simulator(opening: Opening) -> Simulator:
    it: Simulator = await opening.port("simulator")
    return it


# --------------------------------------------------------------------------------- the bridge hears


async def test_news_are_told_until_acknowledged_except_those_under_way(
    simulator: Simulator,
) -> None:
    for text in "123":
        await say(simulator, text)
    first, *_ = await simulator.account.news(limit=1, at=NOON)
    rest = await simulator.account.news(limit=MANY, but=[first.position], at=NOON)
    assert [it.message.content.text for it in rest if it.message] == ["2", "3"]
    await simulator.account.acknowledge([it.position for it in rest])
    await simulator.account.acknowledge([it.position for it in rest])
    assert [it.split()[1] for it in await told(simulator)] == ["1"]


async def test_nothing_is_told_while_the_number_is_not_connected(simulator: Simulator) -> None:
    await say(simulator)
    await simulator.change(lambda it: it.adjust(network=False))
    assert await told(simulator) == []
    await simulator.change(lambda it: it.adjust(network=True).unlink("test"))
    assert await told(simulator) == []
    await simulator.change(lambda it: it.issue("qr", at=NOON).scan())
    assert len(await told(simulator)) == 1


async def test_typing_is_told_as_it_is_at_last(simulator: Simulator) -> None:
    await simulator.phones.set_typing(ANA, True, at=NOON)
    await simulator.phones.set_typing(BIA, True, at=NOON)
    await simulator.phones.set_typing(ANA, False, at=NOON)
    expected = [f"{BIA.value} typing True", f"{ANA.value} typing False"]
    assert await told(simulator) == expected
    await acknowledge_all(simulator)
    assert await told(simulator) == []


# ----------------------------------------------------------------------------- the helpdesk answers


async def test_a_reply_is_shown_and_its_ticks_are_told(simulator: Simulator) -> None:
    answer = reply("olá")
    result = await simulator.account.deliver(answer, at=NOON)
    assert (result.outcome, result.provider_id) == (Outcome.ACCEPTED, str(answer.message_id))
    assert await texts(simulator) == [("olá", "delivered")]
    assert await told(simulator) == [f"{ANA.value}: olá delivered"]
    await acknowledge_all(simulator)
    await simulator.phones.read(ANA)
    assert await texts(simulator) == [("olá", "read")]
    assert await told(simulator) == [f"{ANA.value}: olá read"]


async def test_a_tick_that_changes_while_it_is_told_is_told_again(simulator: Simulator) -> None:
    await simulator.account.deliver(reply(), at=NOON)
    under_way = await simulator.account.news(limit=MANY, at=NOON)
    await simulator.phones.read(ANA)
    await simulator.account.acknowledge([it.position for it in under_way])
    assert await told(simulator) == [f"{ANA.value}: olá read"]


async def test_a_reply_sent_again_is_not_shown_twice(simulator: Simulator) -> None:
    answer = reply()
    first = await simulator.account.deliver(answer, at=NOON)
    assert await simulator.account.deliver(answer, at=NOON) == first
    assert len(await texts(simulator)) == 1


async def test_the_next_replies_are_refused(simulator: Simulator) -> None:
    delivered = reply()
    await simulator.account.deliver(delivered, at=NOON)
    await simulator.change(lambda it: it.adjust(fail_next=1))
    again = await simulator.account.deliver(delivered, at=NOON)
    answer = reply("olá?")
    refusal = await simulator.account.deliver(answer, at=NOON)
    retried = await simulator.account.deliver(answer, at=NOON)
    assert again.outcome is retried.outcome is Outcome.ACCEPTED
    assert refusal.outcome is Outcome.REJECTED
    assert refusal.failure
    assert refusal.failure.code == "recipient_unreachable"
    assert [text for text, _ in await texts(simulator)] == ["olá", "olá?"]


async def test_a_number_that_is_not_on_whatsapp_cannot_be_reached(simulator: Simulator) -> None:
    await simulator.phones.put(ANA, missing=True, at=NOON)
    result = await simulator.account.deliver(reply(), at=NOON)
    assert (result.outcome, await texts(simulator)) == (Outcome.REJECTED, [])


@pytest.mark.parametrize("cut", ["network", "link"])
async def test_nothing_is_sent_while_the_number_is_not_connected(
    simulator: Simulator, cut: str
) -> None:
    def verb(it: Network) -> Network:
        return it.unlink("test") if cut == "link" else it.adjust(network=False)

    await simulator.change(verb)
    with pytest.raises(UnavailableError):
        await simulator.account.deliver(reply(), at=NOON)
    assert await texts(simulator) == []


async def test_an_offline_phone_gets_replies_when_it_is_back(simulator: Simulator) -> None:
    await simulator.phones.put(ANA, name="Ana", online=False, at=NOON)
    answer = reply("1")
    await simulator.account.deliver(answer, at=NOON)
    await simulator.account.deliver(reply("2"), at=after(seconds=1))
    assert (await simulator.account.deliver(answer, at=NOON)).outcome is Outcome.ACCEPTED
    assert (await texts(simulator), await told(simulator)) == ([], [])
    phone = await simulator.phones.put(ANA, online=True, at=NOON)
    assert (phone.name, phone.online) == ("Ana", True)
    assert await texts(simulator) == [("1", "delivered"), ("2", "delivered")]
    assert await told(simulator) == ["Ana: 1 delivered", "Ana: 2 delivered"]


async def test_reading_is_told_only_when_something_was_unread(simulator: Simulator) -> None:
    await say(simulator)
    await acknowledge_all(simulator)
    before = await shown(simulator)
    await simulator.phones.read(ANA)
    await simulator.phones.read(BIA)
    assert await shown(simulator) == before
    assert await told(simulator) == []
