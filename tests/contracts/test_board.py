"""Conversations, as lists and pages show them."""

from dataclasses import replace

import pytest

from helpdesk.domain.attendance import Attendance, AttendanceNotFoundError, ClosedBy, Status
from helpdesk.domain.change import Change
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.feedback import Feedback
from helpdesk.domain.ids import AttendanceId, MessageId
from helpdesk.domain.message import Delivery, Direction, Kind, MessageNotFoundError
from helpdesk.domain.views import (
    AttendanceFilter,
    AttendanceView,
    ChangeKind,
    ChangeView,
    Counts,
    LastMessage,
    Quote,
    Rating,
    Ref,
)
from helpdesk.ports.board import Board
from tests.support.builders import fresh, phone, replied
from tests.support.clock import NOON, after
from tests.support.office import Office

ALL = AttendanceFilter()
WAITING = AttendanceFilter(statuses=frozenset({Status.WAITING}))


async def listed(
    office: Office, board: Board, filter: AttendanceFilter = ALL, *, limit: int = 100
) -> list[AttendanceId]:
    """Read all pages as Dora, who sees everything."""
    found: list[AttendanceView] = []
    cursor = None
    while True:
        page = await board.attendances(office.dora, filter, cursor=cursor, limit=limit)
        found += page.items
        cursor = page.next
        if cursor is None:
            return [it.attendance.id for it in found]
        assert len(page.items) == limit


async def test_an_attendance_is_shown_with_all_its_names(office: Office, board: Board) -> None:
    client = await office.meet("João", phone(7))
    it, _ = await office.hear(await office.attend(client))
    it, reply = await office.answer(it, office.ana, "á" * 200, at=after(minutes=1))
    it = await office.close(it, office.ana.id, at=after(minutes=2))
    asked = Feedback.ask(it.id, token="secret", at=after(minutes=2))
    given = asked.give(4, "Bom", attendance=it, at=after(minutes=3))
    await office.save(given)
    assert await board.attendance(it.id) == AttendanceView(
        attendance=it,
        client=Ref(client.id, "João"),
        client_phone=phone(7).value,
        session=Ref(office.session.id, "Main"),
        sector=Ref(office.sales.id, "Sales"),
        attendant=Ref(office.ana.id, "Ana"),
        last_message=LastMessage(
            direction=Direction.REPLY,
            kind=Kind.TEXT,
            text="á" * 160,
            at=after(minutes=1),
            delivery=Delivery.QUEUED,
        ),
        rating=Rating(score=4, comment="Bom", at=after(minutes=3)),
        bridge=office.session.bridge,
    )
    assert reply.content.text == "á" * 200


async def test_an_attendance_is_shown_without_what_it_has_not(office: Office, board: Board) -> None:
    it = await office.attend()
    asked = Feedback.ask(it.id, token="secret", at=NOON)
    await office.keep(asked)
    view = await board.attendance(it.id)
    assert (view.attendant, view.last_message, view.rating) == (None, None, None)
    page = await board.attendances(office.dora, ALL, cursor=None, limit=9)
    assert page.items == (view,)


async def test_what_is_unknown_is_not_found(board: Board) -> None:
    with pytest.raises(AttendanceNotFoundError):
        await board.attendance(AttendanceId(fresh()))
    with pytest.raises(MessageNotFoundError):
        await board.message(MessageId(fresh()))
    assert (await board.messages(AttendanceId(fresh()), before=None, limit=9)).items == ()
    assert await board.history(AttendanceId(fresh())) == []


async def test_the_last_message_is_the_one_at_the_end(office: Office, board: Board) -> None:
    it, _ = await office.hear(await office.attend(), at=after(minutes=5))
    it, _ = await office.note(it, office.bia, "Cliente antigo", at=after(minutes=1))
    last = (await board.attendance(it.id)).last_message
    assert last is not None
    assert (last.text, last.direction, last.delivery) == ("Cliente antigo", Direction.NOTE, None)


async def test_the_newest_message_comes_first(office: Office, board: Board) -> None:
    old, new, middle = [await office.attend(at=after(minutes=m)) for m in (0, 2, 1)]
    assert await listed(office, board) == [new.id, middle.id, old.id]
    await office.hear(old, at=after(minutes=3))
    assert await listed(office, board) == [old.id, new.id, middle.id]


async def test_of_those_who_wait_the_longest_waiting_comes_first(
    office: Office, board: Board
) -> None:
    late, early = [await office.attend(at=after(minutes=m)) for m in (2, 1)]
    await office.hear(late, at=after(minutes=3))
    early, _ = await office.hear(early, at=after(minutes=2))
    await office.hear(early, at=after(minutes=9))
    await office.attend(by=office.ana)
    assert await listed(office, board, WAITING) == [early.id, late.id]


@pytest.mark.parametrize("filter", [ALL, WAITING])
async def test_pages_show_everything_once(
    office: Office, board: Board, filter: AttendanceFilter
) -> None:
    # Several share a moment: the id decides between them.
    expected = {(await office.attend(at=after(minutes=n // 3))).id for n in range(10)}
    whole = await listed(office, board, filter)
    assert len(whole) == 10
    assert set(whole) == expected
    for limit in (1, 3, 5, 9, 10, 11):
        assert await listed(office, board, filter, limit=limit) == whole


async def test_rows_that_move_while_one_turns_the_page_shift_no_others(
    office: Office, board: Board
) -> None:
    rows = [await office.attend(at=after(minutes=minute)) for minute in range(6)][::-1]
    first = await board.attendances(office.dora, ALL, cursor=None, limit=2)
    await office.hear(rows[0], at=after(hours=1))  # seen, and up again
    await office.hear(rows[3], at=after(hours=2))  # not seen yet, and above the page now
    await office.attend(at=after(hours=3))
    await office.close(rows[4])
    second = await board.attendances(office.dora, ALL, cursor=first.next, limit=10)
    assert [it.attendance.id for it in first.items] == [rows[0].id, rows[1].id]
    assert [it.attendance.id for it in second.items] == [rows[2].id, rows[4].id, rows[5].id]


@pytest.mark.parametrize("cursor", ["", "x", "bm9uc2Vuc2U=", "[]", "é", "W10=", "a" * 999])
async def test_a_cursor_that_is_none_of_ours_is_refused(
    office: Office, board: Board, cursor: str
) -> None:
    for reading in (
        board.attendances(office.dora, ALL, cursor=cursor, limit=9),
        board.attendances(office.dora, WAITING, cursor=cursor, limit=9),
        board.search(office.dora, "a", cursor=cursor, limit=9),
    ):
        with pytest.raises(InvalidError) as refused:
            await reading
        assert refused.value.field == "cursor"


async def test_a_conversation_is_read_backwards_page_by_page(office: Office, board: Board) -> None:
    it = await office.attend(by=office.ana)
    written = []
    for n in range(7):
        it, message = await office.hear(it, f"{n}")
        written.append(message)
    newest = await board.messages(it.id, before=None, limit=3)
    assert [view.message for view in newest.items] == written[4:]
    assert newest.next == "5"
    middle = await board.messages(it.id, before=5, limit=3)
    assert [view.message for view in middle.items] == written[1:4]
    oldest = await board.messages(it.id, before=2, limit=3)
    assert [view.message for view in oldest.items] == written[:1]
    assert oldest.next is None
    whole = await board.messages(it.id, before=None, limit=7)
    assert [view.message for view in whole.items] == written
    assert whole.next is None
    assert (await board.messages(it.id, before=1, limit=3)).items == ()


async def test_a_message_is_shown_with_its_author_and_what_it_quotes(
    office: Office, board: Board
) -> None:
    it, asked = await office.hear(await office.attend(by=office.ana), "Quanto custa?")
    answered, reply = replied(it, office.ana.id, "R$ 10", quoted=asked)
    await office.save(answered, reply)
    view = await board.message(reply.state.id)
    assert view.message == reply.state
    assert view.author == Ref(office.ana.id, "Ana")
    assert view.quote == Quote(
        id=asked.id, kind=Kind.TEXT, text="Quanto custa?", direction=Direction.INBOUND
    )
    page = await board.messages(it.id, before=None, limit=9)
    assert page.items[1] == view
    assert (page.items[0].author, page.items[0].quote) == (None, None)


async def lived(office: Office) -> Attendance:
    """Let an attendance go through everything, one minute after the other."""

    async def step(change: Change[Attendance]) -> Attendance:
        await office.save(change)
        return change.state

    ana, bia = office.ana.id, office.bia.id
    it = await office.attend()
    it = await step(it.assign(ana, by=None, at=after(minutes=1)))
    away = it.transfer(sector=office.support.id, to=bia, by=ana, reason="PT", at=after(minutes=2))
    it = await step(away)
    it = await step(it.release(by=bia, at=after(minutes=3)))
    it = await step(it.neglect(at=after(minutes=4)))
    it = await step(it.take(bia, at=after(minutes=5)))
    it = await step(it.close(ClosedBy.ATTENDANT, by=bia, reason="ok", at=after(minutes=6)))
    asked = Feedback.ask(it.id, token="secret", at=after(minutes=6))
    await office.save(asked.give(5, "", attendance=it, at=after(minutes=7)))
    return it


async def test_the_history_tells_who_did_what_and_who_had_it_then(
    office: Office, board: Board
) -> None:
    it = await lived(office)
    ana, bia = Ref(office.ana.id, "Ana"), Ref(office.bia.id, "Bia")
    sales, helping = Ref(office.sales.id, "Sales"), Ref(office.support.id, "Help")
    expected: list[tuple[int, ChangeKind, Ref | None, Ref | None, Ref, str | None]] = [
        (0, ChangeKind.OPENED, None, None, sales, None),
        (1, ChangeKind.ASSIGNED, None, ana, sales, None),
        (2, ChangeKind.TRANSFERRED, ana, bia, helping, "PT"),
        (3, ChangeKind.RELEASED, bia, None, helping, None),
        (5, ChangeKind.ASSIGNED, bia, bia, helping, None),
        (6, ChangeKind.CLOSED, bia, bia, helping, "ok"),
        (7, ChangeKind.RATED, None, bia, helping, None),
    ]
    assert await board.history(it.id) == [
        ChangeView(
            at=after(minutes=minute),
            kind=kind,
            actor=actor,
            attendant=attendant,
            sector=sector,
            reason=reason,
        )
        for minute, kind, actor, attendant, sector, reason in expected
    ]


async def test_names_are_those_of_today(office: Office, board: Board) -> None:
    it = await office.attend(by=office.ana)
    await office.keep(replace(office.ana, name="Ana Lima"))
    assert (await board.attendance(it.id)).attendant == Ref(office.ana.id, "Ana Lima")
    (opened,) = await board.history(it.id)
    assert opened.actor == Ref(office.ana.id, "Ana Lima")


async def test_the_tabs_count_what_is_there(office: Office, board: Board) -> None:
    nothing = Counts(waiting=0, mine=0, all=0, closed=0, unread=0)
    assert await board.counts(office.dora) == nothing
    it, _ = await office.hear(await office.attend())
    await office.hear(it)
    await office.hear(await office.attend(by=office.ana))
    await office.close(await office.attend(by=office.ana), office.ana.id)
    counts = await board.counts(office.dora)
    assert (counts.waiting, counts.mine, counts.all, counts.closed) == (1, 0, 2, 1)
    assert (await board.counts(office.ana)).mine == 1
    assert await board.counts(office.bia) == nothing
