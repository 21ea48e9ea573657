"""A WhatsApp number of ours, and how well it is connected.

The state is reported by the bridge; a QR code exists only in the state `qr`, and a new one
replaces the former.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from helpdesk.domain.change import Change, Command, Event
from helpdesk.domain.errors import ConflictError, InvalidError, NotFoundError
from helpdesk.domain.file import StoredBlob
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import SessionId

NAME_LIMIT: Final = 80


class SessionNotFoundError(NotFoundError):
    """There is no such session."""

    code = "session_not_found"


class NoQrError(NotFoundError):
    """There is no QR code to scan now."""

    code = "no_qr"


class NoPairCodeError(NotFoundError):
    """There is no code to type now: ask for one."""

    code = "no_pair_code"


class AccountTakenError(ConflictError):
    """Another session has this number already."""

    code = "account_taken"


class NotCapableError(ConflictError):
    """The bridge of this session cannot do that."""

    code = "not_capable"


class SessionState(StrEnum):
    STOPPED = "stopped"
    STARTING = "starting"
    QR = "qr"
    PASSKEY_REQUIRED = "passkey_required"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"  # it retries by itself
    LOGGED_OUT = "logged_out"
    BANNED = "banned"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Qr:
    """A code to scan, a secret: who scans it links a phone."""

    text: str  # what to draw; empty once it is drawn
    attempt: int  # 1 for the first since linking began
    expires_at: datetime
    image: StoredBlob | None = None  # the drawing, in the media store


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCode:
    """What to type on the phone instead of scanning, a secret like the QR code."""

    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionChanged(Event):
    """No QR text here: it is fetched by those who may.  `until` is when a ban ends, if known."""

    session_id: SessionId
    state: SessionState
    reason: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QrIssued(Event):
    session_id: SessionId
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCodeIssued(Event):
    """The code itself is fetched by those who may."""

    session_id: SessionId
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCodeRequested(Command):
    """Get a code by which the phone of this number (E.164) can be linked without a camera."""

    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutRequested(Command):
    """Unlink the phone and forget its credentials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    id: SessionId
    name: str
    bridge: str  # the adapter's configuration value, for example whatsapp.simulator
    state: SessionState
    since: datetime
    reason: str = ""
    account: str = ""  # what the bridge calls the number, where it must be told (phone_number_id)
    phone: str | None = None  # E.164, when linked
    last_seen_at: datetime | None = None  # when it was last known to be connected
    qr: Qr | None = None
    pair_code: PairCode | None = None
    until: datetime | None = None  # when a ban ends, as far as WhatsApp says
    retired: bool = False  # removed; what was said by it stays

    @classmethod
    def add(
        cls, id: SessionId, *, name: str, bridge: str, account: str = "", at: datetime
    ) -> "Change[Session]":
        """Begin with a number that nobody holds yet.

        Raises:
            InvalidError: fields "name", "account".
        """
        state = cls(
            id=id,
            name=_line(name, "name", least=1),
            bridge=bridge,
            account=_line(account, "account", least=0),
            state=SessionState.STOPPED,
            since=at,
        )
        return Change(state, (state.changed(at),))

    def describe(
        self, *, name: str | None = None, account: str | None = None, at: datetime
    ) -> "Change[Session]":
        """Change what is given.

        Raises:
            InvalidError: fields "name", "account".
        """
        state = replace(
            self,
            name=self.name if name is None else _line(name, "name", least=1),
            account=self.account if account is None else _line(account, "account", least=0),
        )
        return Change(state, (state.changed(at),) if state != self else ())

    def retire(self, *, at: datetime) -> "Change[Session]":
        """Let nobody hold it any more."""
        left = self.become(SessionState.STOPPED, reason="removed", at=at).state
        state = replace(left, retired=True)
        return Change(state, (state.changed(at),))

    def become(
        self,
        state: SessionState,
        *,
        reason: str = "",
        phone: str | None = None,
        until: datetime | None = None,
        at: datetime,
    ) -> "Change[Session]":
        """Follow the bridge; leaving `qr` drops the codes."""
        seen = SessionState.CONNECTED in (state, self.state)
        following = replace(
            self,
            state=state,
            reason=reason,
            since=self.since if state is self.state else at,
            phone=phone or (None if state is SessionState.LOGGED_OUT else self.phone),
            last_seen_at=at if seen else self.last_seen_at,
            qr=self.qr if state is SessionState.QR else None,
            pair_code=self.pair_code if state is SessionState.QR else None,
            until=until,
        )
        known = (self.state, self.reason, self.phone, self.until)
        if (state, reason, following.phone, until) == known:
            return Change(following)
        return Change(following, (following.changed(at),))

    def issue(self, qr: Qr, *, at: datetime) -> "Change[Session]":
        """Show a code to scan."""
        became = self.become(SessionState.QR, at=at)
        issued = QrIssued(at=at, session_id=self.id, attempt=qr.attempt)
        return Change(replace(became.state, qr=qr, phone=None), (*became.events, issued))

    def expire_qr(self, *, at: datetime) -> "Session":
        """Drop a code that nobody can scan any more."""
        over = self.qr is not None and self.qr.expires_at <= at
        return replace(self, qr=None) if over else self

    def issue_pair_code(self, code: PairCode, *, at: datetime) -> "Change[Session]":
        """Show a code to type."""
        became = self.become(SessionState.QR, at=at)
        issued = PairCodeIssued(at=at, session_id=self.id, expires_at=code.expires_at)
        return Change(replace(became.state, pair_code=code, phone=None), (*became.events, issued))

    def ask_pair_code(self, phone: Identity, *, at: datetime) -> "Change[Session]":
        """Ask the bot for a code; it comes when WhatsApp gives one."""
        asked = PairCodeRequested(at=at, session_id=self.id, phone=phone.value)
        return Change(self, (asked,))

    def log_out(self, *, at: datetime) -> "Change[Session]":
        """Ask the bot to unlink; the state follows when it has."""
        return Change(self, (LogoutRequested(at=at, session_id=self.id),))

    def changed(self, at: datetime) -> SessionChanged:
        """Tell the dashboards how it is now."""
        return SessionChanged(
            at=at,
            session_id=self.id,
            state=self.state,
            reason=self.reason,
            since=self.since,
            until=self.until,
        )


def _line(text: str, field: str, *, least: int) -> str:
    clean = " ".join(text.replace("\0", " ").split())
    if not least <= len(clean) <= NAME_LIMIT:
        raise InvalidError(f"Give {least} to {NAME_LIMIT} characters.", field=field)
    return clean
