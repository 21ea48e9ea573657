"""What happens to a message is told before the message itself: nothing is lost of either."""

from typing import Any

import pytest

from helpdesk.domain.amendment import MessageEdited, MessageReacted, RevisionKind
from helpdesk.domain.attendance import Party
from helpdesk.domain.bridge import InboundMessage, SendReported, StatusReported
from helpdesk.domain.identity import Identity
from helpdesk.domain.message import Content, Delivery, Kind, Message, MessageNotFoundError
from helpdesk.domain.report import EchoReported, EditReported, ReactionReported, RevokeReported
from helpdesk.ports.early import OF_MESSAGE
from tests.support.builders import phone
from tests.support.clock import NOON
from tests.support.team import Firm

CLIENT, STRANGER = phone(7), phone(8)


async def tell(firm: Firm, kind: type[Any], id: str = "1", **properties: Any) -> None:
    about: dict[str, Any] = {"at": NOON, "session_id": firm.office.session.id, "provider_id": id}
    await firm.cases.consume_reports()(kind(**about, **properties))


async def amend(
    firm: Firm, kind: type[Any], *, by: Identity | None = CLIENT, **properties: Any
) -> None:
    await tell(firm, kind, done_at=NOON, sender=(by,) if by else (), **properties)


async def write(firm: Firm, text: str = "ola") -> None:
    content = Content(Kind.TEXT, text)
    about: dict[str, Any] = {"sender": (CLIENT,), "sender_name": "João", "content": content}
    await tell(firm, InboundMessage, **about, sent_at=NOON)


async def stored(firm: Firm) -> Message | None:
    async with firm.office.store.transaction() as work:
        return await work.messages.of_provider(firm.office.session.id, "1")


async def test_a_message_comes_with_all_that_happened_to_it(firm: Firm) -> None:
    await amend(firm, EditReported, text="olá")
    await amend(firm, ReactionReported, emoji="👍")
    assert await stored(firm) is None
    for _ in range(2):
        await write(firm)
    it = await stored(firm)
    assert it
    assert (it.content.text, [it.emoji for it in it.reactions]) == ("olá", ["👍"])
    assert len(await firm.told(MessageEdited, MessageReacted)) == 2
    assert len(await firm.messages(it.attendance_id)) == 1
    revisions = await firm.cases.read_board().revisions(it.id, by=firm.office.dora)
    assert [(it.kind, it.text) for it in revisions] == [(RevisionKind.EDITED, "ola")]


async def test_one_that_was_taken_back_before_it_came_says_nothing(firm: Firm) -> None:
    await amend(firm, RevokeReported)
    await write(firm)
    it = await stored(firm)
    assert it
    assert (it.content.text, it.revoked_at) == ("", NOON)


async def test_what_a_stranger_did_to_it_is_left_out(firm: Firm) -> None:
    await amend(firm, RevokeReported, by=STRANGER)
    await amend(firm, EditReported, by=None, text="ours")
    await amend(firm, EditReported, text="olá")
    await write(firm)
    it = await stored(firm)
    assert it
    assert (it.content.text, it.revoked_at) == ("olá", None)


async def test_a_client_who_reacts_before_our_own_report_came_is_heard(firm: Firm) -> None:
    client = await firm.office.meet("João", CLIENT)
    _, reply = await firm.office.answer(
        await firm.office.attend(client, by=firm.office.ana), firm.office.ana
    )
    await amend(firm, ReactionReported, emoji="👍")
    await tell(firm, StatusReported, delivery=Delivery.READ)
    await tell(firm, SendReported, message_id=reply.id, attempt=1, delivery=Delivery.SENT)
    it = await firm.message(reply.id)
    assert it.delivery is Delivery.READ
    assert [(it.party, it.emoji) for it in it.reactions] == [(Party.CLIENT, "👍")]


async def test_what_another_device_of_ours_wrote_and_changed_comes_changed(firm: Firm) -> None:
    await amend(firm, EditReported, by=None, text="bom dia")
    for _ in range(2):
        await tell(
            firm,
            EchoReported,
            recipient=(CLIENT,),
            content=Content(Kind.TEXT, "bon dia"),
            sent_at=NOON,
        )
    it = await stored(firm)
    assert it
    assert it.content.text == "bom dia"


async def test_no_more_wait_than_are_kept(firm: Firm) -> None:
    for n in range(OF_MESSAGE):
        await amend(firm, EditReported, text=str(n))
    with pytest.raises(MessageNotFoundError):
        await amend(firm, EditReported, text="too much")
    await write(firm)
    it = await stored(firm)
    assert it
    assert it.content.text == str(OF_MESSAGE - 1)


async def test_one_that_is_refused_does_not_keep_its_message_away(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.adapters.memory.early.OF_SESSION", 0)
    with pytest.raises(MessageNotFoundError):
        await amend(firm, EditReported, text="too much")
    await write(firm)
    it = await stored(firm)
    assert it
    assert it.content.text == "ola"
