"""The simulated network's link to our number, and the switches that make trouble."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from helpdesk.domain.errors import ConflictError, InvalidError, UnavailableError
from helpdesk.domain.ids import SessionId
from helpdesk.domain.session import Qr, SessionState

OUR_PHONE: Final = "+5511900000000"  # there is one number of ours
QR_LASTS: Final = timedelta(seconds=20)  # WhatsApp Web shows a new one about as often
LATENCY_LIMIT: Final = 60_000
AGO_LIMIT: Final = 720  # hours: WhatsApp keeps what a phone did not get for a month
TROUBLE_LIMIT: Final = 10_000


class NotScannableError(ConflictError):
    """There is no QR code to scan now."""

    code = "not_scannable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How our number is linked, and what shall go wrong."""

    linked: bool = True  # from the start, so that the first run needs no hands
    network: bool = True
    banned: bool = False  # by WhatsApp
    latency_ms: int = 0
    fail_next: int = 0  # so many sends are refused
    duplicate_next: int = 0  # so many messages of phones come twice
    reorder_next: int = 0  # so many messages of phones come in swapped pairs
    fail_media: int = 0  # so many times a file of a phone cannot be fetched
    media_gone: bool = False  # files of phones are nowhere any more
    qr: Qr | None = None
    reason: str = ""  # why the number is not linked
    session_id: SessionId | None = None  # whose bridge was here last

    @property
    def state(self) -> SessionState:
        """As a bridge reports it."""
        if not self.linked:
            return SessionState.QR if self.qr else SessionState.LOGGED_OUT
        if not self.network:
            return SessionState.DISCONNECTED
        return SessionState.BANNED if self.banned else SessionState.CONNECTED

    @property
    def why(self) -> str:
        """Why it is not connected, for people."""
        if not self.linked:
            return self.reason
        if not self.network:
            return "the simulated network is off"
        return "the simulator was told to ban it" if self.banned else ""

    def must_be_up(self) -> None:
        """Let messages pass.

        Raises:
            UnavailableError: the number is not connected.
        """
        if self.state is not SessionState.CONNECTED:
            raise UnavailableError(f"The simulated number is in the state {self.state}.")

    def hold(self, session: SessionId) -> "Network":
        """Let the bridge of this session be the one that holds the number."""
        return replace(self, session_id=session)

    def adjust(
        self,
        *,
        network: bool | None = None,
        banned: bool | None = None,
        latency_ms: int | None = None,
        fail_next: int | None = None,
        duplicate_next: int | None = None,
        reorder_next: int | None = None,
        fail_media: int | None = None,
        media_gone: bool | None = None,
    ) -> "Network":
        """Set the switches that are given.

        Raises:
            InvalidError: below 0, or over the limit.
        """
        return replace(
            self,
            network=self.network if network is None else network,
            banned=self.banned if banned is None else banned,
            latency_ms=_within(LATENCY_LIMIT, "latency_ms", latency_ms, self.latency_ms),
            fail_next=_within(TROUBLE_LIMIT, "fail_next", fail_next, self.fail_next),
            duplicate_next=_within(
                TROUBLE_LIMIT, "duplicate_next", duplicate_next, self.duplicate_next
            ),
            reorder_next=_within(TROUBLE_LIMIT, "reorder_next", reorder_next, self.reorder_next),
            fail_media=_within(TROUBLE_LIMIT, "fail_media", fail_media, self.fail_media),
            media_gone=self.media_gone if media_gone is None else media_gone,
        )

    def unlink(self, reason: str) -> "Network":
        """Break the link; a new QR code follows."""
        return replace(self, linked=False, qr=None, reason=reason) if self.linked else self

    def issue(self, text: str, *, at: datetime) -> "Network":
        """Show a QR code, or the next one when the former has expired."""
        if self.linked or (self.qr and at < self.qr.expires_at):
            return self
        attempt = self.qr.attempt + 1 if self.qr else 1
        return replace(self, qr=Qr(text=text, attempt=attempt, expires_at=at + QR_LASTS))

    def scan(self) -> "Network":
        """Link the number.

        Raises:
            NotScannableError: no code is shown.
        """
        if self.state is not SessionState.QR:
            raise NotScannableError
        return replace(self, linked=True, qr=None, reason="")

    def refuse_one(self) -> "Network":
        """Use up one of `fail_next`."""
        return replace(self, fail_next=max(self.fail_next - 1, 0))

    def refuse_file(self) -> "Network":
        """Use up one of `fail_media`."""
        return replace(self, fail_media=max(self.fail_media - 1, 0))

    def disturb_one(self) -> "Network":
        """Use up one of `duplicate_next` and one of `reorder_next`."""
        return replace(
            self,
            duplicate_next=max(self.duplicate_next - 1, 0),
            reorder_next=max(self.reorder_next - 1, 0),
        )


def _within(limit: int, field: str, wanted: int | None, present: int) -> int:
    if wanted is None:
        return present
    if not 0 <= wanted <= limit:
        raise InvalidError(f"Give a number from 0 to {limit}.", field=field)
    return wanted
