"""What the API shows of conversations, in the one place where read models become JSON.

People, sectors and sessions are in `team_views`; what the feed says, with ids instead of names, is
in `payloads`.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Generic, Self, TypeVar
from uuid import UUID

from helpdesk.adapters.http.media_views import MediaOut
from helpdesk.adapters.http.out import Out
from helpdesk.domain.attendance import ClosedBy, Party, Status
from helpdesk.domain.cards import ContactCard, Location
from helpdesk.domain.journey import Step, StepName
from helpdesk.domain.message import Delivery, Direction, Kind, Message
from helpdesk.domain.reaction import shown
from helpdesk.domain.template import FilledTemplate
from helpdesk.domain.views import (
    AttendanceView,
    ChangeKind,
    ChangeView,
    Found,
    LastMessage,
    MessageView,
    Page,
    Quote,
    Rating,
    Ref,
)

Item = TypeVar("Item")
Source = TypeVar("Source")


class ListOut(Out, Generic[Item], frozen=True):
    """A page; `next` continues after it, and is null at the end."""

    items: list[Item]
    next: str | None = None


class NamedOut(Out, frozen=True):
    id: UUID
    name: str

    @classmethod
    def of(cls, it: Ref) -> Self:
        return cls(it.id, it.name)

    @classmethod
    def maybe(cls, it: Ref | None) -> Self | None:
        return None if it is None else cls.of(it)


class ClientRefOut(Out, frozen=True):
    id: UUID
    name: str
    phone: str | None


class FailureOut(Out, frozen=True):
    """Why a reply did not arrive: a code for programs, a sentence for people."""

    code: str
    detail: str


class ReactionOut(Out, frozen=True):
    """`side` is whose it is; `by_id` the attendant, unless another device of ours put it."""

    side: Party
    emoji: str
    at: datetime
    by_id: UUID | None

    @classmethod
    def all_of(cls, it: Message) -> list[Self]:
        return [cls(one.party, one.emoji, one.at, one.by) for one in shown(it.reactions)]


class QuoteOut(Out, frozen=True):
    id: UUID
    kind: Kind
    text: str
    direction: Direction

    @classmethod
    def maybe(cls, it: Quote | None) -> Self | None:
        return None if it is None else cls(it.id, it.kind, it.text, it.direction)


class StepOut(Out, frozen=True):
    """`process` is null unless one leads; `failure` says why, where the step is a failure."""

    name: StepName
    at: datetime
    attempt: int
    process: str | None
    correlation_id: str
    failure: FailureOut | None

    @classmethod
    def of(cls, it: Step) -> Self:
        return cls(
            name=it.name,
            at=it.at,
            attempt=it.attempt,
            process=it.process or None,
            correlation_id=it.correlation,
            failure=FailureOut(it.failure.code, it.failure.detail) if it.failure else None,
        )


class TemplateRefOut(Out, frozen=True):
    """Which template a text was made of."""

    name: str
    language: str

    @classmethod
    def maybe(cls, it: FilledTemplate | None) -> Self | None:
        return None if it is None else cls(it.name, it.language)


class MessageOut(Out, frozen=True):
    """`delivery` is null for what the client wrote and for notes; `author` is null for the
    client and the system.
    """

    id: UUID
    attendance_id: UUID
    position: int
    direction: Direction
    kind: Kind
    text: str
    media: MediaOut | None
    location: Location | None
    contacts: tuple[ContactCard, ...]
    template: TemplateRefOut | None
    delivery: Delivery | None
    failure: FailureOut | None
    attempt: int
    author: NamedOut | None
    quote: QuoteOut | None
    at: datetime
    reactions: list[ReactionOut]
    edited_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, view: MessageView) -> Self:
        it, quote = view.message, view.quote
        return cls(
            id=it.id,
            attendance_id=it.attendance_id,
            position=it.position,
            direction=it.direction,
            kind=it.content.kind,
            text=it.content.text,
            media=MediaOut.maybe(it.content.media),
            location=it.content.location,
            contacts=it.content.contacts,
            template=TemplateRefOut.maybe(it.content.template),
            delivery=it.delivery,
            failure=FailureOut(it.failure.code, it.failure.detail) if it.failure else None,
            attempt=it.attempt,
            author=NamedOut.maybe(view.author),
            quote=QuoteOut.maybe(quote),
            at=it.at,
            reactions=ReactionOut.all_of(it),
            edited_at=it.edited_at,
            revoked_at=it.revoked_at,
        )


class LastMessageOut(Out, frozen=True):
    direction: Direction
    kind: Kind
    text: str
    at: datetime
    delivery: Delivery | None

    @classmethod
    def maybe(cls, it: LastMessage | None) -> Self | None:
        if it is None:
            return None
        return cls(it.direction, it.kind, it.text, it.at, it.delivery)


class RatingOut(Out, frozen=True):
    score: int
    comment: str
    at: datetime

    @classmethod
    def maybe(cls, it: Rating | None) -> Self | None:
        return None if it is None else cls(it.score, it.comment, it.at)


class AttendanceOut(Out, frozen=True):
    """`window_closes_at`: after it only a template can be sent; null: there is no such limit."""

    id: UUID
    status: Status
    client: ClientRefOut
    session: NamedOut
    sector: NamedOut
    attendant: NamedOut | None
    opened_by: Party
    opened_at: datetime
    last_message_at: datetime
    closed_at: datetime | None
    closed_by: ClosedBy | None
    unread: int
    last_position: int
    neglected: bool
    last_message: LastMessageOut | None
    feedback: RatingOut | None
    waiting_since: datetime | None
    window_closes_at: datetime | None

    @classmethod
    def of(cls, view: AttendanceView) -> Self:
        it = view.attendance
        return cls(
            id=it.id,
            status=it.status,
            client=ClientRefOut(view.client.id, view.client.name, view.client_phone),
            session=NamedOut.of(view.session),
            sector=NamedOut.of(view.sector),
            attendant=NamedOut.maybe(view.attendant),
            opened_by=it.opened_by,
            opened_at=it.opened_at,
            last_message_at=it.last_message_at,
            closed_at=it.closed_at,
            closed_by=it.closed_by,
            unread=it.unread,
            last_position=it.last_position,
            neglected=it.neglected,
            last_message=LastMessageOut.maybe(view.last_message),
            feedback=RatingOut.maybe(view.rating),
            waiting_since=it.waiting_since,
            window_closes_at=view.window_closes_at,
        )


class OpenedOut(Out, frozen=True):
    attendance: AttendanceOut
    message: MessageOut


class FoundOut(Out, frozen=True):
    message: MessageOut
    attendance: AttendanceOut

    @classmethod
    def of(cls, it: Found) -> Self:
        return cls(MessageOut.of(it.message), AttendanceOut.of(it.attendance))


class ChangeOut(Out, frozen=True):
    """A line of an attendance's history; `actor` is null for the client and the system."""

    at: datetime
    kind: ChangeKind
    actor: NamedOut | None
    attendant: NamedOut | None
    sector: NamedOut | None
    reason: str | None

    @classmethod
    def of(cls, it: ChangeView) -> Self:
        return cls(
            at=it.at,
            kind=it.kind,
            actor=NamedOut.maybe(it.actor),
            attendant=NamedOut.maybe(it.attendant),
            sector=NamedOut.maybe(it.sector),
            reason=it.reason,
        )


class CountsOut(Out, frozen=True):
    waiting: int
    mine: int
    all: int
    closed: int
    unread: int


def page_of(page: Page[Source], show: Callable[[Source], Item]) -> ListOut[Item]:
    """Show a page."""
    return ListOut([show(it) for it in page.items], page.next)


def list_of(items: Iterable[Source], show: Callable[[Source], Item]) -> ListOut[Item]:
    """Show all there is, in one page."""
    return ListOut([show(it) for it in items])
