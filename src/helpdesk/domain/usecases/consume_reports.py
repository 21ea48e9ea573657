"""The consumer: each report of a bridge to the use case that stores it."""

from dataclasses import dataclass

from helpdesk.domain.attachment import MediaReported
from helpdesk.domain.bridge import (
    InboundMessage,
    QrReported,
    SendReported,
    StateReported,
    StatusReported,
    TypingReported,
)
from helpdesk.domain.change import Event
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.report import (
    AliasReported,
    AmendmentReported,
    EchoReported,
    PairCodeReported,
    RefusalReported,
    UnreadableReported,
)
from helpdesk.domain.usecases.receive_echo import LearnAlias, ReceiveEcho
from helpdesk.domain.usecases.receive_message import ReceiveMessage
from helpdesk.domain.usecases.track_amendment import TrackAmendment
from helpdesk.domain.usecases.track_delivery import TrackDelivery
from helpdesk.domain.usecases.track_media import TrackMedia
from helpdesk.domain.usecases.track_session import TrackSession, TrackTyping


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumeReports:
    receive_message: ReceiveMessage
    track_delivery: TrackDelivery
    track_session: TrackSession
    track_typing: TrackTyping
    track_amendment: TrackAmendment
    receive_echo: ReceiveEcho
    learn_alias: LearnAlias
    track_media: TrackMedia

    async def __call__(self, report: Event) -> None:
        """Raises what the use case raises, and InvalidError for a stranger."""
        match report:
            case InboundMessage():
                await self.receive_message(report)
            case SendReported():
                await self.track_delivery.sent(report)
            case StatusReported():
                await self.track_delivery.status(report)
            case StateReported():
                await self.track_session.state(report)
            case QrReported():
                await self.track_session.qr(report)
            case TypingReported():
                await self.track_typing(report)
            case AmendmentReported():
                await self.track_amendment(report)
            case _:
                await self._rarer(report)

    async def _rarer(self, report: Event) -> None:
        match report:
            case MediaReported():
                await self.track_media(report)
            case RefusalReported():
                await self.track_amendment.refused(report)
            case EchoReported():
                await self.receive_echo(report)
            case AliasReported():
                await self.learn_alias(report)
            case UnreadableReported():
                raise InvalidError(report.reason, field="body")
            case PairCodeReported():
                await self.track_session.pair_code(report)
            case _:
                raise InvalidError(f"No consumer takes {type(report).__name__}.", field="type")
