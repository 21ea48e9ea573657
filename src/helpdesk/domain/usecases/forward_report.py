"""The bot's way in: what a bridge reports goes on the inbound queue."""

from dataclasses import dataclass

from helpdesk.domain.bridge import Report
from helpdesk.domain.journey import Hop, reported
from helpdesk.ports.broker import INBOUND, Broker
from helpdesk.ports.outbox import Envelope
from helpdesk.ports.system import Clock, Correlation, NewId, WayHere


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardReport:
    broker: Broker
    new_id: NewId
    correlation: Correlation
    way_here: WayHere
    now: Clock
    process: str  # the name of this one

    async def __call__(self, report: Report, *hops: Hop) -> None:
        """Return when the report is safe; only then may the bridge acknowledge it upstream.

        `hops` are what this process did before there was something to report.

        Raises:
            UnavailableError: not safe yet; hand it in again.
        """
        unique = self.new_id()
        correlation = self.correlation() or str(unique)
        here = reported(report, at=self.now(), process=self.process)
        trail = (*self.way_here(), *hops, *here)
        envelope = Envelope(id=unique, event=report, correlation=correlation, trail=trail)
        await self.broker.publish(INBOUND, envelope, key=report.key)
