"""The bot's way in: what a bridge reports goes on the inbound queue."""

from dataclasses import dataclass

from helpdesk.domain.bridge import Report
from helpdesk.ports.broker import INBOUND, Broker
from helpdesk.ports.outbox import Envelope
from helpdesk.ports.system import Correlation, NewId


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardReport:
    broker: Broker
    new_id: NewId
    correlation: Correlation

    async def __call__(self, report: Report) -> None:
        """Return when the report is safe; only then may the bridge acknowledge it upstream.

        Raises:
            UnavailableError: not safe yet; hand it in again.
        """
        unique = self.new_id()
        correlation = self.correlation() or str(unique)
        envelope = Envelope(id=unique, event=report, correlation=correlation)
        await self.broker.publish(INBOUND, envelope, key=report.key)
