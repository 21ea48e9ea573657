"""What a person with a simulated phone can do."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from helpdesk.adapters.memory.media import MemoryMedia
from helpdesk.adapters.memory.simulator import MemorySimulator
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.network import NotScannableError
from helpdesk.domain.session import SessionState
from helpdesk.domain.simulator import TYPING_LASTS, Tick
from helpdesk.domain.usecases.play_phone import PlayPhone
from tests.support.clock import NOON, StoppedClock
from tests.support.phones import ANA, MANY, acknowledge_all, reply

PHONE = "55 (11) 98765-4321"


@pytest.fixture
def simulator() -> MemorySimulator:
    return MemorySimulator()


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def play(simulator: MemorySimulator, clock: StoppedClock) -> PlayPhone:
    return PlayPhone(simulator=simulator, media=MemoryMedia(), now=clock, new_id=uuid4)


def soon(do: Callable[[], object], *, seconds: float = 0.02) -> None:
    asyncio.get_running_loop().call_later(seconds, do)


async def test_a_message_is_kept_byte_for_byte_under_its_number(play: PlayPhone) -> None:
    said = await play.say(PHONE, " olá\n\t👩🏽\u200d🚒 ", name="  Ana \n Souza ")
    assert (said.content.text, said.phone, said.at) == (" olá\n\t👩🏽\u200d🚒 ", ANA.key, NOON)
    assert (await play.messages("+5511987654321")).items == (said,)
    [view] = await play.phones()
    assert (view.phone.name, view.last, view.unread) == ("Ana Souza", said, 0)


async def test_a_repeated_id_returns_the_message_that_it_made(play: PlayPhone) -> None:
    id = UUID(int=7)
    assert await play.say(PHONE, "1", id=id) == await play.say(PHONE, "2", id=id)


async def test_a_message_may_quote_another(play: PlayPhone) -> None:
    first = await play.say(PHONE, "1")
    assert (await play.say(PHONE, "2", quote=first.id)).quote == first.id


@pytest.mark.parametrize(
    ("phone", "text", "name", "quote", "field"),
    [
        ("12", "oi", None, None, "phone"),
        ("+55119876x4321", "oi", None, None, "phone"),
        (PHONE, "", None, None, "text"),
        (PHONE, "a" * 4097, None, None, "text"),
        (PHONE, "a\0", None, None, "text"),
        (PHONE, "oi", "a" * 201, None, "name"),
        (PHONE, "oi", "a\0", None, "name"),
        (PHONE, "oi", "\ud800", None, "name"),
        (PHONE, "oi", None, "unknown", "quote"),
    ],
)
async def test_what_breaks_a_rule_is_refused_by_its_field(
    play: PlayPhone, phone: str, text: str, name: str | None, quote: str | None, field: str
) -> None:
    with pytest.raises(InvalidError) as refusal:
        await play.say(phone, text, name=name, quote=quote)
    assert refusal.value.field == field
    assert await play.phones() == []


async def test_without_waiting_nothing_new_is_an_empty_answer(play: PlayPhone) -> None:
    said = await play.say(PHONE, "oi")
    shown = await play.messages(PHONE, after=said.seq)
    assert (shown.items, shown.seq) == ((), said.seq)


async def test_waiting_ends_when_something_comes(
    play: PlayPhone, simulator: MemorySimulator
) -> None:
    said = await play.say(PHONE, "oi")
    waiting = asyncio.create_task(play.messages(PHONE, after=said.seq, wait=20))
    await asyncio.sleep(0.02)
    await simulator.account.deliver(reply("olá"), at=NOON)
    assert [it.content.text for it in (await waiting).items] == ["olá"]


async def test_waiting_ends_when_a_tick_changes(
    play: PlayPhone, simulator: MemorySimulator
) -> None:
    said = await play.say(PHONE, "oi")
    waiting = asyncio.create_task(play.messages(PHONE, after=said.seq, wait=20))
    await asyncio.sleep(0.02)
    await acknowledge_all(simulator)
    assert [it.delivery for it in (await waiting).items] == [Tick.DELIVERED]


async def test_waiting_ends_when_nothing_comes(play: PlayPhone) -> None:
    shown = await play.messages(PHONE, wait=0.05)
    assert (shown.items, shown.seq, shown.typing) == ((), 0, False)


async def test_waiting_ends_when_the_helpdesk_begins_and_when_it_stops_to_type(
    play: PlayPhone, simulator: MemorySimulator, clock: StoppedClock
) -> None:
    said = await play.say(PHONE, "oi")
    await simulator.account.show_typing(ANA, at=NOON)
    typing = await play.messages(PHONE, after=said.seq, wait=20)
    assert (typing.items, typing.typing) == ((), True)
    clock.at = NOON + TYPING_LASTS - timedelta(seconds=0.05)
    soon(lambda: clock.advance(seconds=0.05))
    stopped = await play.messages(PHONE, after=typing.seq, wait=20)
    assert (stopped.items, stopped.typing) == ((), False)


async def test_a_ring_for_nothing_new_does_not_end_the_wait(
    play: PlayPhone, simulator: MemorySimulator
) -> None:
    said = await play.say(PHONE, "oi")
    waiting = asyncio.create_task(play.messages(PHONE, after=said.seq, wait=0.2))
    await asyncio.sleep(0.02)
    await play.put_phone(PHONE, online=True)
    await asyncio.sleep(0.02)
    assert not waiting.done()
    assert (await waiting).items == ()


async def test_a_cursor_of_another_life_begins_anew(play: PlayPhone) -> None:
    said = await play.say(PHONE, "oi")
    assert (await play.messages(PHONE, after=said.seq + 100, wait=20)).items == (said,)


async def test_reading_and_typing_reach_the_network(
    play: PlayPhone, simulator: MemorySimulator
) -> None:
    await simulator.account.deliver(reply(), at=NOON)
    await play.read(PHONE)
    await play.set_typing(PHONE, True)
    read, typing = await simulator.account.news(limit=MANY, at=NOON)
    assert read.message
    assert (read.message.delivery, typing.typing) == (Tick.READ, True)


async def test_a_phone_can_be_made_named_and_put_offline(play: PlayPhone) -> None:
    phone = await play.put_phone(PHONE, name=" Ana  S. ", online=False)
    assert (phone.name, phone.online, phone.missing) == ("Ana S.", False, False)
    phone = await play.put_phone(PHONE, online=True, missing=True)
    assert (phone.name, phone.online, phone.missing) == ("Ana S.", True, True)
    assert (await play.say(PHONE, "oi")).delivery is Tick.SENT


async def test_switches_are_set_one_by_one(play: PlayPhone) -> None:
    await play.adjust(latency_ms=5)
    state = await play.adjust(network=False, fail_next=1, duplicate_next=2, reorder_next=3)
    assert state == await play.network()
    assert (state.network, state.latency_ms) == (False, 5)
    assert (state.fail_next, state.duplicate_next, state.reorder_next) == (1, 2, 3)
    assert state.state is SessionState.DISCONNECTED


@pytest.mark.parametrize("value", [-1, 60_001])
async def test_a_switch_out_of_range_is_refused_by_its_name(play: PlayPhone, value: int) -> None:
    with pytest.raises(InvalidError) as refusal:
        await play.adjust(network=False, latency_ms=value)
    assert refusal.value.field == "latency_ms"
    assert (await play.network()).network


async def test_a_code_can_be_scanned_once_after_unlinking(
    play: PlayPhone, simulator: MemorySimulator
) -> None:
    with pytest.raises(NotScannableError):
        await play.scan()
    await play.unlink()
    with pytest.raises(NotScannableError):
        await play.scan()
    await simulator.change(lambda it: it.issue("secret", at=NOON))
    await play.scan()
    with pytest.raises(NotScannableError):
        await play.scan()
    assert (await play.network()).state is SessionState.CONNECTED
