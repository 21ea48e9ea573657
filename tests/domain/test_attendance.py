"""The life of an attendance, by example and by every history."""

from datetime import datetime, timedelta
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.attendance import (
    AlreadyTakenError,
    Attendance,
    AttendanceAssigned,
    AttendanceClosed,
    AttendanceClosedError,
    AttendanceNeglected,
    AttendanceOpened,
    AttendanceRead,
    AttendanceReleased,
    AttendanceTransferred,
    ClosedBy,
    NotYoursError,
    Party,
    Status,
)
from helpdesk.domain.change import Change
from helpdesk.domain.errors import ConflictError
from helpdesk.domain.ids import AttendantId, SectorId
from tests.support.builders import PHONE, an_attendance, fresh, lid
from tests.support.clock import NOON, after

ANA, BIA = AttendantId(fresh()), AttendantId(fresh())
SALES, SUPPORT = SectorId(fresh()), SectorId(fresh())


def waiting() -> Attendance:
    return an_attendance(sector=SALES).state.hear(PHONE, at=NOON)


def taken() -> Attendance:
    return waiting().take(ANA, at=NOON).state


def closed() -> Attendance:
    return taken().close(ClosedBy.ATTENDANT, by=ANA, at=NOON).state


def test_a_client_who_writes_waits_in_the_queue() -> None:
    opened = an_attendance(by=None)
    assert (opened.state.status, opened.state.opened_by) == (Status.WAITING, Party.CLIENT)
    assert opened.events == (AttendanceOpened(at=NOON, attendance=opened.state, by=None),)


def test_an_attendant_who_writes_first_has_the_attendance() -> None:
    opened = an_attendance(by=ANA)
    assert (opened.state.status, opened.state.attendant_id) == (Status.ACTIVE, ANA)
    assert opened.events == (AttendanceOpened(at=NOON, attendance=opened.state, by=ANA),)


def test_a_message_of_the_client_is_counted_and_waited_for() -> None:
    heard = waiting().hear(lid(1), at=after(minutes=1))
    assert (heard.last_position, heard.unread) == (2, 2)
    assert heard.waiting_since == NOON
    assert heard.last_message_at == after(minutes=1)
    assert heard.address == lid(1)


def test_a_message_heard_late_does_not_turn_back_the_clock() -> None:
    assert waiting().hear(PHONE, at=after(hours=-1)).last_message_at == NOON


def test_an_answer_takes_what_nobody_has() -> None:
    answered = waiting().neglect(at=NOON).state.answer(ANA, at=after(minutes=1))
    it = answered.state
    assert (it.status, it.attendant_id, it.last_message_from) == (
        Status.ACTIVE,
        ANA,
        Party.ATTENDANT,
    )
    assert (it.unread, it.waiting_since, it.neglected, it.last_position) == (0, None, False, 2)
    assert [type(event) for event in answered.events] == [AttendanceAssigned]


def test_the_holder_answers_without_further_events() -> None:
    assert taken().answer(ANA, at=NOON).events == ()


def test_only_the_holder_answers() -> None:
    with pytest.raises(NotYoursError) as refused:
        taken().answer(BIA, at=NOON)
    assert refused.value.extras == {"holder_id": ANA}


def test_the_second_who_takes_it_learns_who_was_first() -> None:
    with pytest.raises(AlreadyTakenError) as refused:
        taken().take(BIA, at=NOON)
    assert refused.value.extras == {"holder_id": ANA}


def test_taking_what_one_has_changes_nothing() -> None:
    it = taken()
    assert it.take(ANA, at=NOON) == Change(it)


def test_a_manager_may_take_it_over() -> None:
    change = taken().take(BIA, force=True, at=NOON)
    assert change.state.attendant_id == BIA
    (event,) = change.events
    assert isinstance(event, AttendanceAssigned)
    assert (event.by, event.previous_attendant_id) == (BIA, ANA)


def test_it_is_handed_to_a_colleague_in_another_sector() -> None:
    change = taken().transfer(sector=SUPPORT, to=BIA, by=ANA, reason="contract", at=NOON)
    assert (change.state.sector_id, change.state.attendant_id) == (SUPPORT, BIA)
    (event,) = change.events
    assert isinstance(event, AttendanceTransferred)
    assert (event.previous_sector_id, event.previous_attendant_id) == (SALES, ANA)
    assert event.reason == "contract"


def test_it_is_handed_to_a_queue() -> None:
    change = taken().transfer(sector=SUPPORT, to=None, by=ANA, at=NOON)
    assert (change.state.status, change.state.attendant_id) == (Status.WAITING, None)


def test_handing_it_to_where_it_is_changes_nothing() -> None:
    it = taken()
    assert it.transfer(sector=SALES, to=ANA, by=ANA, at=NOON) == Change(it)


def test_the_holder_puts_it_back_into_the_queue() -> None:
    change = taken().release(by=ANA, at=NOON)
    assert (change.state.status, change.state.attendant_id) == (Status.WAITING, None)
    (event,) = change.events
    assert isinstance(event, AttendanceReleased)
    assert event.previous_attendant_id == ANA


def test_releasing_what_waits_changes_nothing() -> None:
    it = waiting()
    assert it.release(by=ANA, at=NOON) == Change(it)


def test_closing_it_ends_the_waiting_and_keeps_the_holder() -> None:
    change = taken().close(ClosedBy.ATTENDANT, by=ANA, reason="solved", at=after(minutes=2))
    it = change.state
    assert (it.status, it.closed_by, it.closed_at) == (
        Status.CLOSED,
        ClosedBy.ATTENDANT,
        after(minutes=2),
    )
    assert (it.unread, it.waiting_since, it.attendant_id) == (0, None, ANA)
    closing = AttendanceClosed(at=after(minutes=2), attendance=it, by=ANA, reason="solved")
    assert change.events == (closing,)


def test_notes_and_the_feedback_request_are_counted_after_closing() -> None:
    assert closed().append().last_position == closed().last_position + 1


def test_the_holder_sees_everything() -> None:
    change = taken().read(ANA, at=NOON)
    assert change.state.unread == 0
    assert change.events == (AttendanceRead(at=NOON, attendance=change.state),)


@pytest.mark.parametrize("by", [ANA, BIA])
def test_a_look_at_nothing_new_or_of_somebody_else_changes_nothing(by: AttendantId) -> None:
    it = taken() if by == BIA else taken().read(ANA, at=NOON).state
    assert it.read(by, at=NOON) == Change(it)


def test_managers_are_warned_once_for_each_wait() -> None:
    warned = waiting().neglect(at=NOON)
    assert warned.events == (AttendanceNeglected(at=NOON, attendance=warned.state),)
    assert warned.state.neglect(at=NOON) == Change(warned.state)
    assert not warned.state.answer(ANA, at=NOON).state.neglected


Step: TypeAlias = tuple[str, AttendantId, SectorId]
VERBS = ["hear", "answer", "append", "take", "force", "assign", "queue", "transfer", "release"]
ENDS = ["close", "silence", "read", "neglect"]
STEPS = st.tuples(
    st.sampled_from(VERBS * 2 + ENDS),
    st.sampled_from([ANA, BIA]),
    st.sampled_from([SALES, SUPPORT]),
)


def moved(it: Attendance, step: Step, at: datetime) -> Change[Attendance]:
    verb, who, sector = step
    return {
        "hear": lambda: Change(it.hear(PHONE, at=at)),
        "answer": lambda: it.answer(who, at=at),
        "append": lambda: Change(it.append()),
        "take": lambda: it.take(who, at=at),
        "force": lambda: it.take(who, force=True, at=at),
        "assign": lambda: it.assign(who, by=None, at=at),
        "queue": lambda: it.transfer(sector=sector, to=None, by=ANA, at=at),
        "transfer": lambda: it.transfer(sector=sector, to=who, by=ANA, at=at),
        "release": lambda: it.release(by=who, at=at),
        "close": lambda: it.close(ClosedBy.ATTENDANT, by=who, at=at),
        "silence": lambda: it.close(ClosedBy.SILENCE, by=None, at=at),
        "read": lambda: it.read(who, at=at),
        "neglect": lambda: it.neglect(at=at),
    }[verb]()


@given(st.lists(STEPS, max_size=20))
def test_every_history_keeps_the_invariants(history: list[Step]) -> None:
    it = an_attendance(sector=SALES).state
    for minute, step in enumerate(history):
        before, at = it, NOON + timedelta(minutes=minute)
        try:
            change = moved(it, step, at)
        except ConflictError:
            continue
        it = change.state
        assert (it.status is Status.WAITING) == (it.is_open and it.attendant_id is None)
        assert (it.status is Status.CLOSED) == (it.closed_at is not None)
        assert (it.closed_at is None) == (it.closed_by is None)
        assert it.last_message_at >= it.opened_at
        assert it.last_position - before.last_position == (step[0] in {"hear", "answer", "append"})
        assert (it.unread == 0) >= (it.waiting_since is None)
        assert all(getattr(event, "attendance", it).id == it.id for event in change.events)
        if not before.is_open:
            assert it.status is Status.CLOSED
            assert change.events == ()


@given(STEPS.filter(lambda step: step[0] not in {"append", "read"}))
def test_a_closed_attendance_never_opens_again(step: Step) -> None:
    with pytest.raises(AttendanceClosedError):
        moved(closed(), step, NOON)


@given(st.lists(STEPS, max_size=20))
def test_what_changes_without_an_event_is_told_by_a_message_event(history: list[Step]) -> None:
    # `hear`, `answer` and `append` go with a Message, whose event carries the attendance.
    it = an_attendance(sector=SALES).state
    for minute, step in enumerate(history):
        try:
            change = moved(it, step, NOON + timedelta(minutes=minute))
        except ConflictError:
            continue
        if step[0] not in {"hear", "answer", "append"}:
            assert (change.state != it) == bool(change.events)
        for event in change.events[-1:] if step[0] != "answer" else ():
            assert getattr(event, "attendance", None) == change.state
        it = change.state


def test_another_sectors_managers_are_warned_anew() -> None:
    it = waiting().neglect(at=NOON).state
    moved = it.transfer(sector=SUPPORT, to=None, by=ANA, at=NOON).state
    assert it.neglected
    assert not moved.neglected
