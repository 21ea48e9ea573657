"""Following a bridge: its state, its QR code, and clients who type."""

from dataclasses import dataclass
from datetime import timedelta

from helpdesk.domain.bridge import ClientTyping, QrReported, StateReported, TypingReported
from helpdesk.domain.change import Change
from helpdesk.domain.report import PairCodeReported
from helpdesk.domain.session import Session, SessionState
from helpdesk.domain.usecases.record_outage import record_outage
from helpdesk.domain.usecases.show_qr import DropQr
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackSession:
    store: Store
    now: Clock
    grace: timedelta  # how long a number may be down before admins are told
    drop_qr: DropQr

    async def state(self, report: StateReported) -> None:
        """Note how the number is connected.

        A bridge may not know of a ban that WhatsApp told by another way: that it is connected still
        lifts none.

        Raises:
            SessionNotFoundError.
        """
        async with self.store.transaction() as work:
            session = await work.sessions.load(report.session_id)
            if report.still and session.state is SessionState.BANNED:
                return
            became = session.become(
                report.state,
                reason=report.reason,
                phone=report.phone,
                until=report.until,
                at=self.now(),
            )
            await self._save(work, session, became)
        await self.drop_qr.former(session, became.state)

    async def qr(self, report: QrReported) -> None:
        """Keep the code to scan.

        Raises:
            SessionNotFoundError.
        """
        async with self.store.transaction() as work:
            session = await work.sessions.load(report.session_id)
            issued = session.issue(report.qr, at=self.now())
            await self._save(work, session, issued)
        await self.drop_qr.former(session, issued.state)

    async def pair_code(self, report: PairCodeReported) -> None:
        """Keep the code to type.

        Raises:
            SessionNotFoundError.
        """
        async with self.store.transaction() as work:
            session = await work.sessions.load(report.session_id)
            issued = session.issue_pair_code(report.code, at=self.now())
            await self._save(work, session, issued)

    async def _save(self, work: UnitOfWork, before: Session, change: Change[Session]) -> None:
        await work.save(change)
        await record_outage(work, before, change.state, grace=self.grace, at=self.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackTyping:
    store: Store
    now: Clock

    async def __call__(self, report: TypingReported) -> None:
        """Tell those who see the client's open attendance; unknown clients type unseen."""
        at = self.now()
        async with self.store.transaction() as work:
            for client in await work.clients.known_by(report.sender):
                for it in await work.attendances.open_of(client, report.session_id):
                    await work.emit(ClientTyping(at=at, attendance=it, typing=report.typing))
