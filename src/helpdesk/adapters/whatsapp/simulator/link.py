"""How our number is linked, told as it changes; a QR code is shown while it is not."""

from typing import Final

import structlog

from helpdesk.domain.bridge import QrReported, StateReported
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.ids import SessionId
from helpdesk.domain.network import OUR_PHONE, Network
from helpdesk.domain.session import Qr, SessionState
from helpdesk.ports.bridge import Sink
from helpdesk.ports.simulator import NETWORK, Simulator
from helpdesk.ports.system import Clock, NewToken

SLOW_POLL: Final = 1.0  # seconds; a ring of the bell may be lost with a connection

log = structlog.get_logger(__name__)


class Link:
    def __init__(
        self, session: SessionId, simulator: Simulator, now: Clock, new_token: NewToken
    ) -> None:
        self._session = session
        self._simulator = simulator
        self._now = now
        self._new_token = new_token
        self.told: SessionState | None = None  # what the sink has of us
        self._shown: Qr | None = None
        self.latency = 0.0  # seconds, as last seen

    async def run(self, sink: Sink) -> None:
        """Follow until cancelled; what could not be told is told again."""
        self.told, self._shown = None, None
        async with self._simulator.bell(NETWORK) as bell:
            while True:
                try:
                    await self._follow(sink)
                except UnavailableError as error:
                    log.warning("link_not_followed", error=error.detail)
                except Exception:
                    log.exception("link_not_followed")
                await bell(SLOW_POLL)

    async def _follow(self, sink: Sink) -> None:
        network = await self._simulator.network()
        if self.told is None and network.session_id != self._session:
            network = await self._simulator.change(lambda it: it.hold(self._session))
        self.latency = network.latency_ms / 1000
        if network.state is not SessionState.QR:
            await self._tell(network, sink)
        if not network.linked:
            await self._show(network, sink)

    async def _tell(self, network: Network, sink: Sink) -> None:
        if network.state is self.told:
            return
        await sink(
            StateReported(
                at=self._now(),
                session_id=self._session,
                state=network.state,
                reason=network.why,
                phone=OUR_PHONE if network.linked else None,
            )
        )
        self.told = network.state

    async def _show(self, network: Network, sink: Sink) -> None:
        at = self._now()
        if network.qr is None or network.qr.expires_at <= at:
            text = f"helpdesk-simulator:{self._new_token()}"
            network = await self._simulator.change(lambda it: it.issue(text, at=at))
        if network.qr and network.qr != self._shown:
            await sink(QrReported(at=at, session_id=self._session, qr=network.qr))
            self.told, self._shown = SessionState.QR, network.qr
