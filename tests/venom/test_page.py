"""What goes wrong between venom-bot and WhatsApp's page, and is mended."""

import asyncio

import pytest

from helpdesk.domain.bridge import Outcome, QrReported, StateReported, StatusReported
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.identity import Identity, Scheme
from helpdesk.domain.message import Content, Delivery, Kind
from helpdesk.domain.report import EchoReported, ReactionReported
from helpdesk.domain.session import SessionState
from tests.support.phone_peer import states, texts
from tests.support.phones import ANA, BIA, reply
from tests.support.whatsapp_web.peer import chat_of
from tests.venom.conftest import Line

ANA_CHAT = chat_of(ANA)


async def test_an_answer_that_never_comes_is_unknown_and_ticks_settle_it(line: Line) -> None:
    line.web.network.failures.append("HANG")
    result = await line.bridge.send(reply("olá"))
    assert (result.outcome, bool(result.provider_id)) == (Outcome.UNKNOWN, True)
    assert result.failure
    assert result.failure.code == "timeout_unknown"
    assert result.provider_id
    id = result.provider_id.split("_")[2]
    await line.web.call(line.web.tell(do="ack", id=id, ack=2))
    [status] = await line.sink.has(StatusReported)
    assert (status.provider_id, status.delivery) == (result.provider_id, Delivery.DELIVERED)


async def test_a_broken_promise_of_whatsapp_s_ends_nothing(line: Line) -> None:
    line.web.network.failures.append("THROW")
    broken = await line.bridge.send(reply("1"))
    fine = await line.bridge.send(reply("2"))
    assert broken.outcome is not Outcome.ACCEPTED
    assert fine.outcome is Outcome.ACCEPTED
    assert states(line.sink) == [SessionState.CONNECTED]


async def test_a_page_that_is_loaded_again_is_taken_up_and_its_first_message_is_heard(
    line: Line,
) -> None:
    line.web.greeting = (ANA_CHAT, {"type": "chat", "body": "first"})
    await line.web.call(line.web.tell(do="reload"))
    await line.is_back()
    await line.heard()
    await line.says(ANA_CHAT, body="second")
    await line.heard(2)
    assert texts(line.sink) == ["first", "second"]
    assert line.sink.of(QrReported) == []


async def test_what_was_read_on_the_phone_meanwhile_is_told_all_the_same(line: Line) -> None:
    await line.web.call(line.web.drop())
    await line.sink.until(lambda: states(line.sink)[-1] is SessionState.DISCONNECTED)
    with pytest.raises(UnavailableError):
        await line.bridge.send(reply())
    for n in range(12):  # more than the page holds of a chat when it was loaded
        await line.says(ANA_CHAT, body=str(n))
    await line.web.call(line.web.on_seen({"chat": ANA_CHAT}))
    line.web.network.online, line.web.network.state = True, "CONNECTED"
    await line.web.call(line.web.tell(do="reload"))
    await line.heard(12)
    assert texts(line.sink) == [str(n) for n in range(12)]


async def test_sending_and_typing_mark_nothing_as_read(line: Line) -> None:
    await line.says(ANA_CHAT)
    await line.heard()
    await line.bridge.set_typing(ANA)
    await line.bridge.send(reply())
    assert line.web.network.talk(ANA_CHAT).unread == 1


async def test_a_quote_that_the_page_does_not_hold_is_left_out(line: Line) -> None:
    result = await line.bridge.send(reply("!", quote=f"false_{ANA_CHAT}_ABCDEF"))
    assert result.outcome is Outcome.ACCEPTED
    assert line.web.network.talk(ANA_CHAT).messages[-1]["quote"] is None


@pytest.mark.parametrize(
    ("says", "state"),
    [
        ("TOS_BLOCK", SessionState.BANNED),
        ("SMB_TOS_BLOCK", SessionState.BANNED),
        ("PROXYBLOCK", SessionState.FAILED),
        ("TIMEOUT", SessionState.DISCONNECTED),
    ],
)
async def test_what_whatsapp_says_of_the_connection_is_told(
    line: Line, says: str, state: SessionState
) -> None:
    await line.web.call(line.web.set_state(says))
    await line.is_told(SessionState.CONNECTED, state)
    assert says in line.sink.of(StateReported)[-1].reason
    await line.web.call(line.web.set_state("CONNECTED"))
    await line.is_told(SessionState.CONNECTED, state, SessionState.CONNECTED)


async def test_a_session_that_another_page_took_is_taken_back(line: Line) -> None:
    await line.web.call(line.web.set_state("CONFLICT"))
    await line.is_told(SessionState.CONNECTED, SessionState.DISCONNECTED, SessionState.CONNECTED)


async def test_a_passkey_that_whatsapp_wants_is_told(line: Line) -> None:
    line.web.network.passkey = True
    await line.web.call(line.web.unlink())
    await line.is_told(
        SessionState.CONNECTED, SessionState.LOGGED_OUT, SessionState.PASSKEY_REQUIRED
    )
    line.web.network.passkey = False
    await line.web.call(line.web.show_code())
    await line.sink.has(QrReported)


async def test_people_without_a_number_are_answered_by_their_private_id(line: Line) -> None:
    await line.says("99887766@lid", body="quem sou?")
    await line.says("99887755@lid", body="com número", who={"phone": ANA_CHAT})
    hidden, known = await line.heard(2)
    assert [it.value for it in hidden.sender] == ["99887766@lid"]
    assert [it.value for it in known.sender] == [ANA.value, "99887755@lid"]
    result = await line.bridge.send(reply("oi", to=hidden.sender[0]))
    assert result.outcome is Outcome.ACCEPTED
    assert line.web.network.talk("99887766@lid").messages[-1]["body"] == "oi"


async def test_groups_and_statuses_are_not_told(line: Line) -> None:
    await line.says("1203630@g.us", body="todos")
    await line.says("status@broadcast", body="status")
    await line.says(ANA_CHAT, body="só eu")
    await line.heard()
    await asyncio.sleep(0.1)
    assert texts(line.sink) == ["só eu"]


async def test_what_another_device_writes_is_told_and_what_we_write_is_not(line: Line) -> None:
    await line.bridge.send(reply("ours"))
    await line.bridge.send(reply("ours too", quote="false_1@c.us_X"))
    for fields in ({"body": "from the phone"}, {"type": "image", "file": "f", "mimetype": "x/y"}):
        await line.says(ANA_CHAT, from_me=True, **fields)
    text, picture = await line.sink.has(EchoReported, 2)
    assert (text.content.text, text.recipient) == ("from the phone", (ANA,))
    assert picture.content == Content(Kind.UNSUPPORTED, "image")
    assert text.provider_id.startswith(f"true_{ANA_CHAT}_")


async def test_reactions_that_come_together_are_all_told(line: Line) -> None:
    first, second = await line.says(ANA_CHAT), await line.says(ANA_CHAT)
    await line.heard(2)
    batch = [
        {"id": it.split("_")[2], "chat": ANA_CHAT, "emoji": emoji, "at": n}
        for n, (it, emoji) in enumerate([(first, "👍"), (second, "🙏")])
    ]
    await line.web.call(line.web.tell(do="reactions", batch=batch))
    told = await line.sink.has(ReactionReported, 2)
    assert {(it.provider_id, it.emoji) for it in told} == {(first, "👍"), (second, "🙏")}


async def test_a_message_of_ours_is_taken_back(line: Line) -> None:
    sent = await line.bridge.send(reply("oops"))
    assert sent.provider_id
    assert (await line.bridge.revoke(ANA, sent.provider_id)).outcome is Outcome.ACCEPTED
    [shown] = line.web.network.talk(ANA_CHAT).messages
    assert shown["type"] == "revoked"
    for unknown in ("true_1@c.us_NONE", await line.says(ANA_CHAT, body="theirs")):
        assert (await line.bridge.revoke(ANA, unknown)).outcome is Outcome.REJECTED


async def test_who_is_on_whatsapp_can_be_asked(line: Line) -> None:
    line.web.network.missing.add(chat_of(BIA))
    assert await line.bridge.check_contact(ANA) is True
    assert await line.bridge.check_contact(BIA) is False
    assert await line.bridge.check_contact(Identity(Scheme.BSUID, "BR.1")) is None


async def test_its_health_names_processes_and_memory(line: Line) -> None:
    health = await line.bridge.health()
    assert health.state is SessionState.CONNECTED
    assert health.figures["processes"] >= 4
