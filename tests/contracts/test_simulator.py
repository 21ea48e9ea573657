"""What the simulated network promises, wherever it is kept."""

import asyncio
from uuid import UUID

import pytest

from helpdesk.domain.errors import InvalidError
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import SessionId
from helpdesk.domain.network import Network, NotScannableError
from helpdesk.domain.session import SessionState
from helpdesk.domain.simulator import Conversation, Side, Tick
from helpdesk.opening import Opening
from helpdesk.ports.simulator import NETWORK, NEWS, Simulator, topic_of
from tests.support.clock import NOON, after
from tests.support.phones import ANA, BIA, MANY, acknowledge_all, reply, say, shown, texts, told


@pytest.fixture
async def simulator(opening: Opening) -> Simulator:
    it: Simulator = await opening.port("simulator")
    return it


# ----------------------------------------------------------------------------------- a phone writes


async def test_a_message_gets_one_tick_and_then_two(simulator: Simulator) -> None:
    said = await say(simulator, "bom dia", name="Ana")
    assert (said.delivery, said.direction, said.at) == (Tick.SENT, Side.OUT, NOON)
    assert (await shown(simulator)).items == (said,)
    assert await told(simulator) == ["Ana: bom dia sent"]
    await acknowledge_all(simulator)
    assert await texts(simulator) == [("bom dia", "delivered")]
    assert await told(simulator) == []


async def test_the_helpdesk_s_reading_gives_blue_ticks_up_to_that_message(
    simulator: Simulator,
) -> None:
    first, second = await say(simulator, "1"), await say(simulator, "2")
    third = await say(simulator, "3")
    await acknowledge_all(simulator)
    await simulator.account.mark_read(ANA, second.id)
    await simulator.account.mark_read(BIA, third.id)
    assert [d for _, d in await texts(simulator)] == ["read", "read", "delivered"]
    await simulator.account.mark_read(ANA, first.id)
    await simulator.account.mark_read(ANA, "unknown")
    assert [d for _, d in await texts(simulator)] == ["read", "read", "delivered"]


async def test_when_a_phone_wrote_is_known_as_soon_as_the_network_has_it(
    simulator: Simulator,
) -> None:
    assert await simulator.phones.wrote_at(ANA) is None
    await simulator.phones.put(ANA, online=False, at=NOON)
    await say(simulator, "waits on the phone")
    assert await simulator.phones.wrote_at(ANA) is None
    await simulator.phones.put(ANA, online=True, at=after(hours=1))
    await simulator.account.deliver(reply(), at=after(hours=2))
    assert await simulator.phones.wrote_at(ANA) == NOON


async def test_one_id_is_one_message(simulator: Simulator) -> None:
    first = await say(simulator, "once", id="m1")
    assert await say(simulator, "again", id="m1") == first
    assert await texts(simulator) == [("once", "sent")]


async def test_messages_sent_at_once_by_one_phone_keep_their_order(simulator: Simulator) -> None:
    said = [str(n) for n in range(60)]
    await asyncio.gather(*(say(simulator, it) for it in said))
    assert [text for text, _ in await texts(simulator)] == said
    assert [it.split()[1] for it in await told(simulator)] == said


async def test_a_quote_is_of_the_same_conversation(simulator: Simulator) -> None:
    answer = reply("?")
    await simulator.account.deliver(answer, at=NOON)
    said = await say(simulator, quote=str(answer.message_id))
    assert said.quote == str(answer.message_id)
    assert (await say(simulator, quote=said.id)).quote == said.id
    with pytest.raises(InvalidError) as refusal:
        await say(simulator, by=BIA, quote=said.id)
    assert refusal.value.field == "quote"
    assert [it.phone.number for it in await simulator.phones.all()] == [ANA]


async def test_a_name_stays_until_another_is_given(simulator: Simulator) -> None:
    await say(simulator, name="Ana")
    await say(simulator)
    [view] = await simulator.phones.all()
    assert view.phone.name == "Ana"


async def test_both_spellings_of_a_number_are_one_phone(simulator: Simulator) -> None:
    old = Identity.phone("+551187654321")
    await say(simulator, "novo")
    await say(simulator, "velho", by=old)
    assert (
        await texts(simulator)
        == await texts(simulator, old)
        == [
            ("novo", "sent"),
            ("velho", "sent"),
        ]
    )
    assert await told(simulator) == ["+551187654321: novo sent", "+551187654321: velho sent"]
    result = await simulator.account.deliver(reply(), at=NOON)
    assert result.recipient_aliases == (old,)


async def test_the_next_messages_come_twice(simulator: Simulator) -> None:
    await simulator.change(lambda it: it.adjust(duplicate_next=2))
    for text in "123":
        await say(simulator, text)
    news = await simulator.account.news(limit=MANY, at=NOON)
    assert [it.copies for it in news] == [2, 2, 1]
    assert (await simulator.network()).duplicate_next == 0


async def test_the_next_messages_come_in_swapped_pairs(simulator: Simulator) -> None:
    await simulator.change(lambda it: it.adjust(reorder_next=4))
    for text in "12345":
        await say(simulator, text)
    assert [it.split()[1] for it in await told(simulator)] == ["2", "1", "4", "3", "5"]
    assert [text for text, _ in await texts(simulator)] == ["1", "2", "3", "4", "5"]
    assert (await simulator.network()).reorder_next == 0


async def test_a_message_that_none_overtakes_is_not_held_for_ever(simulator: Simulator) -> None:
    await simulator.change(lambda it: it.adjust(reorder_next=1))
    await say(simulator, "1")
    assert await told(simulator, seconds=1.9) == []
    assert len(await told(simulator, seconds=2)) == 1
    await acknowledge_all(simulator)
    await say(simulator, "2")
    assert [it.split()[1] for it in await told(simulator, seconds=2)] == ["2"]


async def test_what_an_offline_phone_says_waits_on_it(simulator: Simulator) -> None:
    await simulator.phones.put(ANA, online=False, at=NOON)
    for text in "123":
        await say(simulator, text)
    assert {d for _, d in await texts(simulator)} == {"pending"}
    assert await told(simulator) == []
    await simulator.phones.put(ANA, online=True, at=NOON)
    assert await texts(simulator) == [("1", "sent"), ("2", "sent"), ("3", "sent")]
    assert [it.split()[1] for it in await told(simulator)] == ["1", "2", "3"]


# ----------------------------------------------------------------------------------- phones show it


async def test_a_phone_gets_what_is_new_or_changed_since_it_asked(simulator: Simulator) -> None:
    await say(simulator, "1")
    first = await shown(simulator)
    assert (await shown(simulator, since=first.seq)).items == ()
    await say(simulator, "2")
    assert [m.content.text for m in (await shown(simulator, since=first.seq)).items] == ["2"]
    second = await shown(simulator)
    await acknowledge_all(simulator)
    changed = await shown(simulator, since=second.seq)
    assert [(m.content.text, m.delivery) for m in changed.items] == [
        ("1", "delivered"),
        ("2", "delivered"),
    ]


async def test_a_long_conversation_comes_in_pages_that_miss_nothing(simulator: Simulator) -> None:
    for n in range(7):
        await say(simulator, str(n))
    await acknowledge_all(simulator)
    for n in range(7, 12):
        await say(simulator, str(n))
    seen, since = set[str](), 0
    for _ in range(12):
        page = await simulator.phones.conversation(ANA, after=since, limit=2, at=NOON)
        seen |= {it.content.text for it in page.items}
        since = page.seq
    assert seen == {str(n) for n in range(12)}
    assert since == (await shown(simulator)).seq


async def test_an_unknown_phone_shows_nothing_and_is_not_listed(simulator: Simulator) -> None:
    assert await shown(simulator) == Conversation()
    await simulator.account.show_typing(ANA, at=NOON)
    await simulator.phones.read(ANA)
    assert await simulator.phones.all() == []


async def test_phones_are_listed_with_their_last_message_and_unread_ones(
    simulator: Simulator,
) -> None:
    silent = Identity.phone("+351912345678")
    await simulator.phones.put(silent, name="Zé", at=NOON)
    await say(simulator, "1", name="Ana")
    for n, text in enumerate(("2", "3")):
        await simulator.account.deliver(reply(text, to=BIA), at=after(seconds=n + 1))
    bia, ana, ze = await simulator.phones.all()
    assert (bia.phone.number, bia.unread) == (BIA, 2)
    assert bia.last
    assert bia.last.content.text == "3"
    assert (ana.phone.name, ana.unread) == ("Ana", 0)
    assert (ze.phone.name, ze.last) == ("Zé", None)


async def test_the_helpdesk_types_for_a_few_seconds_or_until_it_answers(
    simulator: Simulator,
) -> None:
    await say(simulator)
    before = (await shown(simulator)).seq
    await simulator.account.show_typing(ANA, at=NOON)
    await simulator.account.show_typing(ANA, at=NOON)
    now = await shown(simulator, since=before)
    later = await simulator.phones.conversation(ANA, after=before, limit=MANY, at=after(seconds=6))
    assert (now.typing, now.items, now.seq) == (True, (), before + 1)
    assert not later.typing
    await simulator.account.deliver(reply(), at=NOON)
    assert not (await shown(simulator)).typing


# -------------------------------------------------------------------------------- link and wake-ups


async def test_the_link_is_up_from_the_start_and_keeps_what_is_changed(
    simulator: Simulator,
) -> None:
    assert (await simulator.network()).state is SessionState.CONNECTED
    session = SessionId(UUID(int=5))

    def verb(it: Network) -> Network:
        return it.hold(session).adjust(latency_ms=5, fail_next=1).unlink("test")

    after_it = await simulator.change(verb)
    assert after_it == await simulator.network()
    assert (after_it.session_id, after_it.latency_ms, after_it.reason) == (session, 5, "test")
    coded = await simulator.change(lambda it: it.issue("secret", at=NOON))
    assert coded.qr == (await simulator.network()).qr
    assert coded.qr


async def test_a_verb_that_refuses_changes_nothing(simulator: Simulator) -> None:
    with pytest.raises(NotScannableError):
        await simulator.change(Network.scan)
    assert await simulator.network() == Network()


async def test_changes_made_at_once_all_count(simulator: Simulator) -> None:
    async def one_more() -> None:
        await simulator.change(lambda it: it.adjust(latency_ms=it.latency_ms + 1))

    await asyncio.gather(*(one_more() for _ in range(10)))
    assert (await simulator.network()).latency_ms == 10


async def test_bells_ring_for_whom_it_concerns(simulator: Simulator) -> None:
    async with (
        simulator.bell(topic_of(ANA.key)) as ana,
        simulator.bell(topic_of(BIA.key)) as bia,
        simulator.bell(NEWS) as bridge,
        simulator.bell(NETWORK) as link,
    ):
        for bell in (ana, bia, bridge, link):  # the first ring may be for having connected
            await bell(0.3)
        await say(simulator)
        assert await ana(5)
        assert await bridge(5)
        assert not await bia(0.05)
        await simulator.change(lambda it: it.adjust(network=False))
        assert await link(5)
        assert await bridge(5)
        await simulator.change(lambda it: it.adjust(network=True))
        await simulator.account.deliver(reply(to=BIA), at=NOON)
        assert await bia(5)
