"""The bot's side of a client's file: fetch it, look at its first bytes, store it.

The text never waits for the file: what is not there within moments is fetched later, by a command.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Final

from helpdesk.domain.attachment import MediaReported, MediaWanted
from helpdesk.domain.bridge import InboundMessage, QrReported, Report
from helpdesk.domain.errors import DomainError, UnavailableError
from helpdesk.domain.file import (
    FileTooLargeError,
    MediaGoneError,
    MediaKind,
    MediaLimits,
    Recognised,
    Source,
    StoredFile,
)
from helpdesk.domain.usecases.forward_report import ForwardReport
from helpdesk.domain.usecases.show_qr import UploadQr
from helpdesk.ports.bridge import Bridge
from helpdesk.ports.conversion import HEAD, Conversion
from helpdesk.ports.media import MediaStore
from helpdesk.ports.system import Clock

FIRST_LIMIT: Final = 2.0  # seconds that a message waits for its file
LIMIT: Final = 75.0  # seconds to fetch it later; under the time that a command may take
LARGEST: Final = MediaLimits().document  # bytes that we take from a client, of whatever kind


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchMedia:
    bridge: Bridge
    media: MediaStore
    conversion: Conversion

    async def __call__(self, source: Source, kind: MediaKind, *, seconds: float) -> StoredFile:
        """Fetch and store, within a time.

        Raises:
            MediaGoneError, FileTooLargeError, UnavailableError.
        """
        try:
            async with asyncio.timeout(seconds), self.bridge.open_media(source.ref) as chunks:
                head = Head(chunks)
                stored = await self.media.put(head, limit=LARGEST)
        except TimeoutError:
            raise UnavailableError(f"The file did not come within {seconds:g} s.") from None
        if source.sha256 not in (None, stored.blob.sha256):
            raise UnavailableError("The file is not the one that was announced.")
        recognised = head.recognise(self.conversion, kind, name=source.name, mime=source.mime)
        return StoredFile(blob=stored.blob, recognised=recognised, name=source.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardWithFile:
    """Stands between a bridge and the inbound queue."""

    fetch: FetchMedia
    forward: ForwardReport
    upload_qr: UploadQr
    seconds: float = FIRST_LIMIT

    async def __call__(self, report: Report) -> None:
        """Hand a report on, with its file when that comes soon enough.

        Raises:
            UnavailableError: the report is not safe yet; hand it in again.
        """
        if isinstance(report, InboundMessage) and report.source is not None:
            report = await self._with_file(report, report.source)
        if isinstance(report, QrReported):
            report = await self.upload_qr(report)
        await self.forward(report)

    async def _with_file(self, report: InboundMessage, source: Source) -> InboundMessage:
        kind = MediaKind(report.content.kind)
        try:
            file = await self.fetch(source, kind, seconds=self.seconds)
        except (MediaGoneError, FileTooLargeError) as error:
            return replace(report, missing=error.detail, gone=True)
        except DomainError as error:
            return replace(report, missing=error.detail)
        except Exception as error:  # noqa: BLE001 - the text may not wait; the next try shows the bug
            return replace(report, missing=type(error).__name__)
        return replace(report, file=file)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchAgain:
    fetch: FetchMedia
    forward: ForwardReport
    now: Clock

    async def __call__(self, command: MediaWanted) -> None:
        """Try once more, and report what came of it; when to try again is not ours to say.

        Raises:
            UnavailableError: it could not be reported.
        """
        report = MediaReported(
            at=self.now(),
            session_id=command.session_id,
            message_id=command.message_id,
            media_id=command.media_id,
            attempt=command.attempt,
        )
        try:
            file = await self.fetch(command.source, command.kind, seconds=LIMIT)
        except (MediaGoneError, FileTooLargeError) as error:
            report = replace(report, reason=error.detail, gone=True)
        except UnavailableError as error:
            report = replace(report, reason=error.detail)
        else:
            report = replace(report, file=file)
        await self.forward(report)


class Head:
    """Passes a stream on, and keeps the bytes with which it began."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self._head = bytearray()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for it in self._chunks:
            if len(self._head) < HEAD:
                self._head += it[: HEAD - len(self._head)]
            yield it

    def recognise(
        self, conversion: Conversion, claimed: MediaKind, *, name: str, mime: str
    ) -> Recognised:
        """Say what it is, after it has passed."""
        return conversion.recognise(bytes(self._head), claimed=claimed, name=name, mime=mime)
