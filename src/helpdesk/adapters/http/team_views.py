"""What the API shows of people, sectors and sessions."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from helpdesk.adapters.http.out import Out
from helpdesk.adapters.http.views import NamedOut
from helpdesk.domain.attendant import Role
from helpdesk.domain.bridge import Capabilities
from helpdesk.domain.client import Client
from helpdesk.domain.file import MediaLimits, VoiceFormat
from helpdesk.domain.identity import Scheme
from helpdesk.domain.outage import News, Outage
from helpdesk.domain.sector import Policy, WhenClientWaits
from helpdesk.domain.session import Session, SessionState
from helpdesk.domain.views import AttendantView, MergeView, SectorView


class IdentityOut(Out, frozen=True):
    kind: Scheme
    value: str


class ClientOut(Out, frozen=True):
    id: UUID
    name: str
    notes: str
    tags: list[str]
    identities: list[IdentityOut]
    phone: str | None
    created_at: datetime

    @classmethod
    def of(cls, it: Client) -> Self:
        return cls(
            id=it.id,
            name=it.name,
            notes=it.notes,
            tags=list(it.tags),
            identities=[IdentityOut(one.scheme, one.value) for one in it.identities],
            phone=it.phone,
            created_at=it.created_at,
        )


class MergeOut(Out, frozen=True):
    """Two clients became one; `actor` is null when the system saw that they are."""

    at: datetime
    actor: NamedOut | None
    merged: NamedOut
    kept: NamedOut

    @classmethod
    def of(cls, it: MergeView) -> Self:
        return cls(
            at=it.at,
            actor=NamedOut.maybe(it.actor),
            merged=NamedOut.of(it.merged),
            kept=NamedOut.of(it.kept),
        )


class AttendantOut(Out, frozen=True):
    id: UUID
    name: str
    email: str
    role: Role
    capacity: int
    sectors: list[UUID]
    active: bool
    away: bool
    online: bool
    open_attendances: int

    @classmethod
    def of(cls, view: AttendantView) -> Self:
        it = view.attendant
        return cls(
            id=it.id,
            name=it.name,
            email=it.email,
            role=it.role,
            capacity=it.capacity,
            sectors=sorted(it.sectors),
            active=it.active,
            away=it.away,
            online=view.online,
            open_attendances=view.open_attendances,
        )


class SectorOut(Out, frozen=True):
    """A duration of null is the installation's default."""

    id: UUID
    name: str
    policy: Policy
    is_default: bool
    members: list[UUID]
    close_after_seconds: int | None
    check_every_seconds: int | None
    when_client_waits: WhenClientWaits
    ask_feedback: bool

    @classmethod
    def of(cls, view: SectorView) -> Self:
        it = view.sector
        return cls(
            id=it.id,
            name=it.name,
            policy=it.policy,
            is_default=it.is_default,
            members=list(view.members),
            close_after_seconds=_seconds(it.close_after),
            check_every_seconds=_seconds(it.check_every),
            when_client_waits=it.when_client_waits,
            ask_feedback=it.ask_feedback,
        )


class QrOut(Out, frozen=True):
    attempt: int
    expires_at: datetime


class BridgeOut(Out, frozen=True):
    """A way to WhatsApp by which a number may be added; `account`: the number must be named."""

    name: str
    official: bool
    qr: bool
    pair_code: bool
    logout: bool
    account: bool

    @classmethod
    def of(cls, name: str, it: Capabilities) -> Self:
        return cls(
            name=name,
            official=it.official,
            qr=it.qr,
            pair_code=it.pair_code,
            logout=it.logout,
            account=not (it.qr or it.pair_code),
        )


class CapabilitiesOut(Out, frozen=True):
    """What a number can do, by its bridge; `media`: bytes of a file of each kind, 0: none."""

    qr: bool
    pair_code: bool
    session_restore: bool
    typing: bool
    mark_read: bool
    quote: bool
    reactions: bool
    edit: bool
    revoke: bool
    templates: bool
    window_24h: bool
    logout: bool
    official: bool
    location: bool
    contacts: bool
    voice: VoiceFormat
    media: MediaLimits

    @classmethod
    def of(cls, it: Capabilities) -> Self:
        same = {name: getattr(it, name) for name in cls.__struct_fields__}
        return cls(**same | {"media": it.media.uploads})


class ToldOut(Out, frozen=True):
    """A channel of alerts, as the configuration calls it, and what it was told."""

    channel: str
    news: News


class OutageOut(Out, frozen=True):
    since: datetime
    ended_at: datetime | None
    state: SessionState  # in which it began
    reason: str | None
    told: list[ToldOut]

    @classmethod
    def of(cls, it: Outage) -> Self:
        told = sorted((told.channel, told.news) for told in it.told)
        return cls(
            it.since, it.ended_at, it.state, it.reason or None, [ToldOut(*of) for of in told]
        )


class SessionOut(Out, frozen=True):
    id: UUID
    name: str
    bridge: str
    account: str
    state: SessionState
    reason: str | None
    since: datetime
    phone: str | None
    last_seen: datetime | None
    qr: QrOut | None
    pair_code_expires_at: datetime | None
    until: datetime | None
    capabilities: CapabilitiesOut
    held_by: str | None  # the process that serves it; only managers and admins are told

    @classmethod
    def of(cls, it: Session, able: Capabilities, held_by: str | None = None) -> Self:
        return cls(
            id=it.id,
            name=it.name,
            bridge=it.bridge,
            account=it.account,
            state=it.state,
            reason=it.reason or None,
            since=it.since,
            phone=it.phone,
            last_seen=it.last_seen_at,
            qr=QrOut(it.qr.attempt, it.qr.expires_at) if it.qr else None,
            pair_code_expires_at=it.pair_code.expires_at if it.pair_code else None,
            until=it.until,
            capabilities=CapabilitiesOut.of(able),
            held_by=held_by,
        )


def _seconds(it: timedelta | None) -> int | None:
    return None if it is None else int(it.total_seconds())
