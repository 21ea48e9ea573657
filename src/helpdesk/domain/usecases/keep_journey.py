"""Keeping where messages were, and showing it to whoever may see the message."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.ids import MessageId
from helpdesk.domain.journey import Hop, Step, StepName, is_shown, steps_of
from helpdesk.domain.usecases.read_board import ReadBoard
from helpdesk.ports.journey import Journeys
from helpdesk.ports.outbox import Envelope
from helpdesk.ports.system import Clock

Watch = Callable[[Sequence[Step]], None]  # is shown what one envelope comes to
Lost = Callable[[int], None]  # counts steps that could not be kept


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepJourney:
    """For relays, which see every envelope; in batches, so that it costs little.

    A crash before an envelope is settled passes it on once more, and keeps its steps then.
    """

    journeys: Journeys
    now: Clock
    process: str  # the name of this one
    watch: Watch
    lost: Lost

    def handing_over(self, envelope: Envelope) -> Envelope:
        """Note on a command that it goes to the broker now."""
        hop = Hop(StepName.QUEUED, self.now(), self.process)
        return replace(envelope, trail=(*envelope.trail, hop)) if envelope.trail else envelope

    def shown(self, envelopes: Sequence[Envelope]) -> list[Envelope]:
        """Note that they were pushed to the feed just now."""
        hop = Hop(StepName.SHOWN, self.now(), self.process)
        return [
            replace(it, trail=(*it.trail, hop)) if is_shown(it.event) else it for it in envelopes
        ]

    async def keep(self, envelopes: Sequence[Envelope]) -> None:
        """Keep their steps; without a store they are lost, and nothing else is."""
        steps: list[Step] = []
        for it in envelopes:
            of_one = steps_of(it.event, it.trail, correlation=it.correlation)
            self.watch(of_one)
            steps += of_one
        if not steps:
            return
        try:
            await self.journeys.keep(steps)
        except UnavailableError:
            self.lost(len(steps))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadJourney:
    journeys: Journeys
    read_board: ReadBoard

    async def __call__(self, id: MessageId, *, by: Attendant) -> list[Step]:
        """List the steps of a message; the names of processes are for managers and admins.

        Raises MessageNotFoundError, AttendanceNotFoundError.
        """
        await self.read_board.message(id, by=by)
        steps = await self.journeys.of(id)
        if by.role is Role.ATTENDANT:
            return [replace(it, process="") for it in steps]
        return steps
