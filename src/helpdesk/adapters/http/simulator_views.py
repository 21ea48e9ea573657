"""What the simulated phones and their network show."""

from datetime import datetime
from typing import Self
from uuid import UUID

from helpdesk.adapters.http.media_views import MediaOut
from helpdesk.adapters.http.out import Out
from helpdesk.domain.cards import ContactCard, Location
from helpdesk.domain.message import Kind
from helpdesk.domain.network import Network
from helpdesk.domain.session import SessionState
from helpdesk.domain.simulator import Conversation, Phone, PhoneMessage, PhoneView, Side, Tick


class PhoneMessageOut(Out, frozen=True):
    """`direction` is as the phone sees it: `out` is to the helpdesk."""

    id: str
    seq: int
    direction: Side
    kind: Kind
    text: str
    media: MediaOut | None
    location: Location | None
    contacts: tuple[ContactCard, ...]
    quote: str | None
    delivery: Tick
    at: datetime
    reaction_out: str
    reaction_in: str
    edited: bool
    revoked: bool

    @classmethod
    def of(cls, it: PhoneMessage) -> Self:
        return cls(
            id=it.id,
            seq=it.seq,
            direction=it.direction,
            kind=it.content.kind,
            text=it.content.text,
            media=MediaOut.maybe(it.content.media),
            location=it.content.location,
            contacts=it.content.contacts,
            quote=it.quote,
            delivery=it.delivery,
            at=it.at,
            reaction_out=it.reaction_out,
            reaction_in=it.reaction_in,
            edited=it.edited,
            revoked=it.revoked,
        )


class ConversationOut(Out, frozen=True):
    """Pass `seq` as `after` to get what changes next."""

    items: list[PhoneMessageOut]
    next: str | None
    seq: int
    typing: bool

    @classmethod
    def of(cls, it: Conversation) -> Self:
        return cls([PhoneMessageOut.of(one) for one in it.items], None, it.seq, it.typing)


class PhoneOut(Out, frozen=True):
    phone: str
    name: str
    online: bool
    missing: bool

    @classmethod
    def of(cls, it: Phone) -> Self:
        return cls(it.number.value, it.name, it.online, it.missing)


class PhoneLineOut(PhoneOut, frozen=True):
    last: PhoneMessageOut | None
    unread: int

    @classmethod
    def of_view(cls, it: PhoneView) -> Self:
        phone, last = it.phone, it.last
        return cls(
            phone=phone.number.value,
            name=phone.name,
            online=phone.online,
            missing=phone.missing,
            last=PhoneMessageOut.of(last) if last else None,
            unread=it.unread,
        )


class NetworkOut(Out, frozen=True):
    session_id: UUID | None
    state: SessionState
    network: bool
    banned: bool
    latency_ms: int
    qr: bool
    fail_next: int
    duplicate_next: int
    reorder_next: int
    fail_media: int
    media_gone: bool

    @classmethod
    def of(cls, it: Network) -> Self:
        return cls(
            session_id=it.session_id,
            state=it.state,
            network=it.network,
            banned=it.banned,
            latency_ms=it.latency_ms,
            qr=it.qr is not None,
            fail_next=it.fail_next,
            duplicate_next=it.duplicate_next,
            reorder_next=it.reorder_next,
            fail_media=it.fail_media,
            media_gone=it.media_gone,
        )
