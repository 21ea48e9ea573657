"""What is rare in the life of a number: codes to type, echoes, and files and phones in trouble."""

from dataclasses import replace
from uuid import UUID

import pytest

from helpdesk.domain.amendment import Verb
from helpdesk.domain.bridge import Outcome, SendResult
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.file import Blob, MediaKind, Recognised, Source, StoredFile
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import MediaId, SessionId
from helpdesk.domain.media import Media
from helpdesk.domain.message import Content, Kind
from helpdesk.domain.network import Network
from helpdesk.domain.phone_amendment import PhoneAmendment
from helpdesk.domain.report import (
    EchoReported,
    EditReported,
    ReactionReported,
    RevokeReported,
)
from helpdesk.domain.session import (
    PairCode,
    PairCodeIssued,
    PairCodeRequested,
    Qr,
    QrIssued,
    SessionChanged,
    SessionState,
)
from helpdesk.domain.simulator import News, Phone, PhoneMessage, Said, Side, changed
from tests.support.builders import a_session, lid, phone
from tests.support.clock import NOON, after

SESSION = SessionId(UUID(int=1))
CLIENT = phone(7)
CODE = PairCode(text="ABCD-1234", expires_at=after(minutes=3))
QR = Qr(text="2@abc", attempt=1, expires_at=after(seconds=20))


def a_message() -> PhoneMessage:
    said = Said(id="m1", phone=CLIENT, content=Content(Kind.TEXT, "oi"))
    return said.message(number=1, seq=1, online=True, at=NOON)


def an_echo(*recipient: Identity) -> EchoReported:
    return EchoReported(
        at=NOON,
        session_id=SESSION,
        provider_id="m1",
        recipient=recipient,
        content=Content(Kind.TEXT, "oi"),
        sent_at=NOON,
    )


def test_files_that_cannot_be_fetched_are_used_up_and_not_below_zero() -> None:
    it = Network().adjust(fail_media=2, fail_next=1)
    once = it.refuse_file()
    assert once == replace(it, fail_media=1)
    assert once.refuse_file() == replace(it, fail_media=0) == once.refuse_file().refuse_file()


def test_a_code_to_type_is_told_without_its_text() -> None:
    change = a_session().issue_pair_code(CODE, at=NOON)
    it = change.state
    assert (it.state, it.pair_code) == (SessionState.QR, CODE)
    assert [type(event) for event in change.events] == [SessionChanged, PairCodeIssued]
    issued = PairCodeIssued(at=NOON, session_id=it.id, expires_at=CODE.expires_at)
    assert change.events[-1] == issued
    assert CODE.text not in repr(change.events)


def test_a_number_that_shall_be_linked_anew_has_no_phone() -> None:
    linked = a_session().become(SessionState.CONNECTED, phone="+5511900000000", at=NOON).state
    assert linked.issue_pair_code(CODE, at=NOON).state.phone is None


def test_a_code_to_type_and_one_to_scan_are_shown_side_by_side() -> None:
    scannable = a_session().issue(QR, at=NOON).state
    both = scannable.issue_pair_code(CODE, at=after(seconds=1))
    assert (both.state.qr, both.state.pair_code) == (QR, CODE)
    assert [type(event) for event in both.events] == [PairCodeIssued]
    renewed = both.state.issue(replace(QR, text="2@def", attempt=2), at=after(seconds=20))
    assert renewed.state.pair_code == CODE
    assert [type(event) for event in renewed.events] == [QrIssued]


@pytest.mark.parametrize("state", [it for it in SessionState if it is not SessionState.QR])
def test_a_code_to_type_is_dropped_when_the_number_is_not_to_be_linked(state: SessionState) -> None:
    coded = a_session().issue_pair_code(CODE, at=NOON).state
    assert coded.become(state, at=after(seconds=1)).state.pair_code is None


def test_a_code_to_type_is_asked_of_the_bot_and_changes_nothing_yet() -> None:
    it = a_session()
    change = it.ask_pair_code(CLIENT, at=NOON)
    assert change.state == it
    asked = PairCodeRequested(at=NOON, session_id=it.id, phone=CLIENT.value)
    assert change.events == (asked,)


def test_what_we_wrote_elsewhere_is_in_the_stream_of_whom_we_wrote_to() -> None:
    reaction = ReactionReported(
        at=NOON, session_id=SESSION, provider_id="m2", sender=(CLIENT,), done_at=NOON, emoji="👍"
    )
    assert an_echo(CLIENT, lid(1)).key == an_echo(CLIENT).key == reaction.key
    assert an_echo(phone(8)).key != an_echo(CLIENT).key


@pytest.mark.parametrize("verb", [Verb.EDIT, Verb.REVOKE])
def test_only_the_sender_of_a_phone_s_message_edits_or_revokes_it(verb: Verb) -> None:
    with pytest.raises(InvalidError) as refusal:
        a_message().amend(verb, "x", by=Side.IN, seq=2)
    assert refusal.value.field == "message"


def test_each_side_has_its_own_reaction_to_a_phone_s_message() -> None:
    theirs = a_message().amend(Verb.REACT, "👍", by=Side.OUT, seq=2)
    both = theirs.amend(Verb.REACT, "😀", by=Side.IN, seq=3)
    assert (both.reaction_out, both.reaction_in, both.seq) == ("👍", "😀", 3)
    assert both.amend(Verb.REACT, "", by=Side.OUT, seq=4).reaction_out == ""


def test_an_edited_message_of_a_phone_says_so_and_keeps_its_place() -> None:
    it = a_message().amend(Verb.EDIT, "olá", by=Side.OUT, seq=2)
    assert (it.content.text, it.edited, it.number, it.seq) == ("olá", True, 1, 2)


@pytest.mark.parametrize("verb", list(Verb))
def test_a_revoked_message_of_a_phone_is_empty_and_stays_as_it_is(verb: Verb) -> None:
    it = a_message().amend(Verb.REVOKE, "", by=Side.OUT, seq=2)
    assert (it.content, it.revoked, it.seq) == (Content(Kind.TEXT, ""), True, 2)
    with pytest.raises(InvalidError):
        it.amend(verb, "x", by=Side.OUT, seq=3)


def test_a_message_without_a_file_has_nothing_to_fetch() -> None:
    assert a_message().source is None


def test_a_bridge_finds_the_file_of_a_phone_s_message_by_the_message() -> None:
    blob = Blob(sha256="ab" * 32, size=9)
    recognised = Recognised(kind=MediaKind.IMAGE, mime="image/jpeg")
    file = StoredFile(blob=blob, recognised=recognised, name="foto.jpg")
    media = Media.of_file(MediaId(UUID(int=3)), file)
    it = replace(a_message(), content=Content(Kind.IMAGE, "", media=media))
    assert it.source == Source(ref="m1", name="foto.jpg", mime="image/jpeg", size=9)
    lost = replace(it, content=replace(it.content, media=replace(media, blob=None)))
    assert lost.source is None


def test_our_message_that_was_changed_keeps_the_id_whatsapp_knows_it_by() -> None:
    assert changed("m1") == SendResult(outcome=Outcome.ACCEPTED, provider_id="m1")


def test_what_a_phone_did_to_a_message_is_reported_as_a_bridge_hears_it() -> None:
    def done(verb: Verb, text: str) -> object:
        it = PhoneAmendment(message_id="m1", verb=verb, text=text, at=NOON)
        news = News(position=1, phone=Phone(number=CLIENT), message=None, at=NOON, amendment=it)
        return news.report(SESSION, at=after(seconds=1))

    def heard(report: type, **properties: str) -> object:
        return report(
            at=after(seconds=1),
            session_id=SESSION,
            provider_id="m1",
            sender=(CLIENT,),
            done_at=NOON,
            **properties,
        )

    assert done(Verb.REACT, "👍") == heard(ReactionReported, emoji="👍")
    assert done(Verb.EDIT, "olá") == heard(EditReported, text="olá")
    assert done(Verb.REVOKE, "") == heard(RevokeReported)
