"""QR codes on their way from the bot to whoever scans them, by the media store.

A code is a secret for the seconds that it lasts: the picture of it is the only thing that leaves
the bot, and is deleted when it was scanned, has expired or was replaced.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Final

from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.bridge import QrReported
from helpdesk.domain.change import Change
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import MediaNotFoundError
from helpdesk.domain.ids import SessionId
from helpdesk.domain.session import NoQrError, Session
from helpdesk.ports.directory import Directory
from helpdesk.ports.media import MediaStore
from helpdesk.ports.store import Store
from helpdesk.ports.system import Clock, Draw

LARGEST: Final = 256 * 1024  # bytes of a picture of a code


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadQr:
    """The bot's side."""

    media: MediaStore
    draw: Draw

    async def __call__(self, report: QrReported) -> QrReported:
        """Put the picture of the code into the media store, and in place of the code.

        Raises:
            UnavailableError: hand the report in again.
        """
        drawn = self.draw(report.qr.text)
        image = await self.media.put(_once(drawn), limit=LARGEST)
        return replace(report, qr=replace(report.qr, text="", image=image))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadQr:
    directory: Directory
    media: MediaStore
    now: Clock

    async def __call__(self, id: SessionId, *, by: Attendant) -> bytes:
        """Read the picture of the code.

        Raises:
            RoleRequiredError, SessionNotFoundError, NoQrError, UnavailableError.
        """
        by.must_be(Role.ADMIN, Role.MANAGER)
        qr = (await self.directory.session(id)).expire_qr(at=self.now()).qr
        if qr is None or qr.image is None:
            raise NoQrError
        try:
            async with self.media.open(qr.image.blob) as chunks:
                return b"".join([it async for it in chunks])
        except MediaNotFoundError:
            raise NoQrError from None


@dataclass(frozen=True, slots=True, kw_only=True)
class DropQr:
    """Deletes pictures of codes that are over; what it cannot delete, the clean-up job does."""

    store: Store
    media: MediaStore
    now: Clock

    async def former(self, before: Session, after: Session) -> None:
        """Delete what was shown before a change that is committed, and is not shown any more."""
        shown = after.qr and after.qr.image
        if before.qr is None or before.qr.image is None or before.qr.image == shown:
            return
        try:
            # Not when the same code was drawn again since: a report of it is on its way.
            await self.media.delete(before.qr.image)
        except UnavailableError:
            return

    async def expired(self) -> None:
        """Drop the codes that nobody scanned in time."""
        for session in await self._all():
            if session.expire_qr(at=self.now()) != session:
                await self._expire(session.id)

    async def _all(self) -> list[Session]:
        async with self.store.transaction() as work:
            return await work.sessions.all()

    async def _expire(self, id: SessionId) -> None:
        async with self.store.transaction() as work:
            before = await work.sessions.load(id)
            after = before.expire_qr(at=self.now())
            await work.save(Change(after))
        await self.former(before, after)


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
