"""The consumer: each report of a bridge to the use case that stores it."""

from dataclasses import dataclass

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
from helpdesk.domain.usecases.receive_message import ReceiveMessage
from helpdesk.domain.usecases.track_delivery import TrackDelivery
from helpdesk.domain.usecases.track_session import TrackSession, TrackTyping


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumeReports:
    receive_message: ReceiveMessage
    track_delivery: TrackDelivery
    track_session: TrackSession
    track_typing: TrackTyping

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
            case _:
                raise InvalidError(f"No consumer takes {type(report).__name__}.", field="type")
