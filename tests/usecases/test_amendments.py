"""Reactions, edits and revocations: asked for, done by the bot, reported, kept."""

from typing import Any

import pytest

from helpdesk.domain import journey
from helpdesk.domain.amendment import (
    AmendmentRefused,
    EditQueued,
    MessageEdited,
    MessageReacted,
    MessageRevoked,
    NotAmendableError,
    ReactionQueued,
    RevisionKind,
    RevokeQueued,
    Verb,
)
from helpdesk.domain.attendance import (
    AttendanceClosedError,
    AttendanceNotFoundError,
    ClosedBy,
    NotYoursError,
    Party,
)
from helpdesk.domain.bridge import Capabilities
from helpdesk.domain.errors import ForbiddenError, InvalidError
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import Content, Delivery, Failure, Kind, Message, MessageNotFoundError
from helpdesk.domain.reaction import Reaction
from helpdesk.domain.report import (
    EditReported,
    ReactionReported,
    RefusalReported,
    RevokeReported,
)
from helpdesk.domain.session import NotCapableError
from helpdesk.domain.usecases.amend_message import AmendMessage
from helpdesk.domain.views import Ref
from tests.support.builders import fresh, phone
from tests.support.clock import NOON, after
from tests.support.team import Firm

CLIENT = phone(7)


async def a_talk(firm: Firm) -> tuple[Message, Message]:
    """What a client wrote, and Ana's answer, which WhatsApp has."""
    client = await firm.office.meet("João", CLIENT)
    it = await firm.office.attend(client, by=firm.office.ana)
    it, heard = await firm.office.hear(it, "Oi", provider_id="theirs")
    it, answer = await firm.office.answer(it, firm.office.ana, "Ola")
    sent = answer.track(Delivery.SENT, attendance=it, provider_id="ours", at=NOON)
    await firm.office.save(sent)
    await firm.settle()
    return heard, sent.state


async def told(firm: Firm, report: type[Any], id: str, **properties: Any) -> None:
    about = {"at": NOON, "session_id": firm.office.session.id, "done_at": NOON}
    await firm.cases.consume_reports()(report(provider_id=id, **(about | properties)))


async def test_what_an_attendant_asks_for_is_a_command_and_changes_nothing_yet(firm: Firm) -> None:
    heard, answer = await a_talk(firm)
    amend, ana = firm.cases.amend_message(), firm.office.ana
    await amend.react(heard.id, "👍", by=ana)
    await amend.edit(answer.id, "Olá", by=ana)
    await amend.revoke(answer.id, by=ana)
    react, edit, revoke = await firm.told(ReactionQueued, EditQueued, RevokeQueued)
    assert isinstance(react, ReactionQueued)
    assert (react.provider_id, react.emoji, react.by) == ("theirs", "👍", ana.id)
    assert isinstance(edit, EditQueued)
    assert (edit.provider_id, edit.text, edit.message_id) == ("ours", "Olá", answer.id)
    assert revoke.address == CLIENT
    assert await firm.messages(answer.attendance_id) == [heard, answer]


async def test_only_who_handles_the_attendance_may_ask(firm: Firm) -> None:
    heard, _ = await a_talk(firm)
    amend = firm.cases.amend_message()
    eva = await firm.hire("Eva", firm.office.sales)
    with pytest.raises(NotYoursError):
        await amend.react(heard.id, "👍", by=eva)
    with pytest.raises(AttendanceNotFoundError):
        await amend.react(heard.id, "👍", by=firm.office.bia)
    await amend.react(heard.id, "👍", by=firm.office.carla)
    with pytest.raises(MessageNotFoundError):
        await amend.react(MessageId(fresh()), "👍", by=firm.office.ana)
    closed = await firm.office.close(await firm.attendance(heard.attendance_id), firm.office.ana.id)
    assert closed.closed_by is ClosedBy.ATTENDANT
    with pytest.raises(AttendanceClosedError):
        await amend.react(heard.id, "👍", by=firm.office.ana)


async def test_what_the_bridge_cannot_do_is_refused_at_once(firm: Firm) -> None:
    heard, answer = await a_talk(firm)
    amend = AmendMessage(store=firm.store, now=firm.now, abilities=lambda _: Capabilities())
    for asked in (
        amend.react(heard.id, "👍", by=firm.office.ana),
        amend.edit(answer.id, "Olá", by=firm.office.ana),
        amend.revoke(answer.id, by=firm.office.ana),
    ):
        with pytest.raises(NotCapableError):
            await asked


async def test_only_replies_that_were_sent_can_be_changed(firm: Firm) -> None:
    heard, answer = await a_talk(firm)
    amend, ana = firm.cases.amend_message(), firm.office.ana
    _, note = await firm.office.note(await firm.attendance(heard.attendance_id), ana)
    shown = await firm.cases.send_reply()(answer.attendance_id, by=ana, text="queued")
    for asked in (
        amend.edit(heard.id, "Olá", by=ana),
        amend.revoke(heard.id, by=ana),
        amend.react(note.id, "👍", by=ana),
        amend.react(shown.message.id, "👍", by=ana),
    ):
        with pytest.raises(NotAmendableError):
            await asked
    for wrong in (amend.react(heard.id, "oi", by=ana), amend.edit(answer.id, "", by=ana)):
        with pytest.raises(InvalidError):
            await wrong
    await told(firm, RevokeReported, "ours", by=ana.id)
    with pytest.raises(NotAmendableError):
        await amend.edit(answer.id, "Olá", by=ana)


async def test_a_client_s_reaction_is_kept_and_told(firm: Firm) -> None:
    _, answer = await a_talk(firm)
    await told(firm, ReactionReported, "ours", sender=(CLIENT,), emoji="👍")
    await told(firm, ReactionReported, "ours", sender=(CLIENT,), emoji="👍")
    [event] = await firm.told(MessageReacted)
    reaction = Reaction(Party.CLIENT, "👍", NOON)
    assert event.reaction == reaction
    assert (await firm.message(answer.id)).reactions == (reaction,)
    await told(firm, ReactionReported, "theirs", by=firm.office.ana.id, emoji="😀")
    assert (await firm.told(MessageReacted))[-1].reaction.by == firm.office.ana.id


async def test_an_edit_keeps_what_was_said_before(firm: Firm) -> None:
    heard, answer = await a_talk(firm)
    firm.later(seconds=2)
    await told(firm, EditReported, "theirs", sender=(CLIENT,), text="Oi!", done_at=after(seconds=1))
    await told(firm, EditReported, "theirs", sender=(CLIENT,), text="old", done_at=NOON)
    await told(firm, EditReported, "ours", by=firm.office.ana.id, text="Olá")
    assert [it.content.text for it in await firm.messages(answer.attendance_id)] == ["Oi!", "Olá"]
    assert [it.before for it in await firm.told(MessageEdited)] == ["Oi", "Ola"]
    [line] = await firm.cases.read_board().revisions(answer.id, by=firm.office.ana)
    ana = Ref(firm.office.ana.id, "Ana")
    assert (line.kind, line.actor, line.text) == (RevisionKind.EDITED, ana, "Ola")
    with pytest.raises(AttendanceNotFoundError):
        await firm.cases.read_board().revisions(heard.id, by=firm.office.bia)


async def test_what_was_revoked_is_gone_but_from_its_history(firm: Firm) -> None:
    heard, _ = await a_talk(firm)
    for _ in range(2):
        await told(firm, RevokeReported, "theirs", sender=(CLIENT,))
    await told(firm, EditReported, "theirs", sender=(CLIENT,), text="late")
    now = await firm.message(heard.id)
    assert (now.content, now.revoked_at) == (Content(Kind.TEXT, ""), NOON)
    assert len(await firm.told(MessageRevoked)) == 1
    [line] = await firm.cases.read_board().revisions(heard.id, by=firm.office.ana)
    assert (line.kind, line.actor, line.text) == (RevisionKind.REVOKED, None, "Oi")


async def test_what_happens_later_is_no_step_of_a_message_s_way(firm: Firm) -> None:
    _, answer = await a_talk(firm)
    await told(firm, ReactionReported, "ours", sender=(CLIENT,), emoji="👍")
    await told(firm, EditReported, "ours", by=firm.office.ana.id, text="Olá")
    events = await firm.told(MessageReacted, MessageEdited)
    trails = [journey.told(it, process="bot", before=()) for it in events]
    assert trails == [(), ()]
    assert [journey.is_shown(it) for it in events] == [False, False]
    assert answer.reactions == ()


async def test_nobody_changes_what_is_not_theirs(firm: Firm) -> None:
    heard, answer = await a_talk(firm)
    stranger = phone(8)
    await firm.office.meet("Rui", stranger)
    for report, id, properties in (
        (EditReported, "ours", {"sender": (CLIENT,), "text": "x"}),
        (RevokeReported, "ours", {"sender": (CLIENT,)}),
        (RevokeReported, "theirs", {"sender": ()}),
        (ReactionReported, "ours", {"sender": (stranger,), "emoji": "👎"}),
        (EditReported, "theirs", {"sender": (stranger,), "text": "x"}),
    ):
        with pytest.raises(ForbiddenError):
            await told(firm, report, id, **properties)
    assert await firm.messages(heard.attendance_id) == [heard, answer]


async def test_a_refusal_is_told_to_those_who_see_the_message(firm: Firm) -> None:
    _, answer = await a_talk(firm)
    failure = Failure("bug", "Too late.")
    about: dict[str, Any] = {"at": NOON, "session_id": firm.office.session.id}
    refusal = RefusalReported(**about, message_id=answer.id, verb=Verb.EDIT, failure=failure)
    await firm.cases.consume_reports()(refusal)
    [event] = await firm.told(AmendmentRefused)
    assert (event.message, event.verb, event.failure) == (answer, Verb.EDIT, failure)
    unknown = RefusalReported(
        **about, message_id=MessageId(fresh()), verb=Verb.EDIT, failure=failure
    )
    with pytest.raises(MessageNotFoundError):
        await firm.cases.consume_reports()(unknown)
