"""What stores and boards keep of messages that were changed."""

from dataclasses import replace

from helpdesk.domain.amendment import RevisionKind, edit, revoke
from helpdesk.domain.ids import MessageId
from helpdesk.domain.session import PairCode, SessionState
from helpdesk.domain.views import Ref, RevisionView
from helpdesk.ports.board import Board
from tests.support.builders import fresh
from tests.support.clock import NOON, after
from tests.support.office import Office


async def test_what_a_message_said_before_is_listed_oldest_first(
    office: Office, board: Board
) -> None:
    it, message = await office.answer(await office.attend(by=office.ana), office.ana, "one")
    ana, first = office.ana.id, after(seconds=1)
    edited = edit(message, "two", attendance=it, by=ana, edited_at=first, at=first)
    await office.save(edited)
    gone = revoke(edited.state, attendance=it, by=None, revoked_at=NOON, at=after(seconds=2))
    await office.save(gone)
    assert (await board.message(message.id)).message == gone.state
    assert await board.revisions(message.id) == [
        RevisionView(at=first, kind=RevisionKind.EDITED, actor=Ref(ana, "Ana"), text="one"),
        RevisionView(at=after(seconds=2), kind=RevisionKind.REVOKED, actor=None, text="two"),
    ]
    assert await board.revisions(MessageId(fresh())) == []


async def test_a_session_keeps_its_pairing_code_and_the_end_of_its_ban(office: Office) -> None:
    code = PairCode(text="ABCD-1234", expires_at=after(seconds=60))
    it = replace(office.session, state=SessionState.QR, pair_code=code, until=after(hours=1))
    await office.keep(it)
    async with office.store.transaction() as work:
        assert await work.sessions.load(it.id) == it
    await office.keep(replace(it, pair_code=None, until=None))
    async with office.store.transaction() as work:
        assert (await work.sessions.load(it.id)).pair_code is None
