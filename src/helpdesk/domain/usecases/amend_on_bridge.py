"""The bot changes a message that was sent, and reports what WhatsApp made of it."""

from dataclasses import dataclass

from helpdesk.domain.amendment import (
    AmendmentQueued,
    EditQueued,
    ReactionQueued,
    RevokeQueued,
    Verb,
)
from helpdesk.domain.bridge import Outcome, Report, SendResult
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.message import Failure
from helpdesk.domain.report import (
    EditReported,
    ReactionReported,
    RefusalReported,
    RevokeReported,
)
from helpdesk.domain.usecases.forward_report import ForwardReport
from helpdesk.ports.bridge import Bridge
from helpdesk.ports.system import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """No claim before: what is done twice is as if it was done once."""

    bridge: Bridge
    forward: ForwardReport
    now: Clock

    async def __call__(self, command: AmendmentQueued) -> None:
        """Do it and report; an unknown outcome is told like a refusal, with its reason.

        Raises:
            UnavailableError: certainly not done, or not reported; deliver the command again.
        """
        verb, result = await self._do(command)
        if result.outcome is Outcome.ACCEPTED:
            await self.forward(self._done(command))
            return
        await self.forward(
            RefusalReported(
                at=self.now(),
                session_id=command.session_id,
                message_id=command.message_id,
                verb=verb,
                failure=result.failure or Failure("timeout_unknown"),
                by=command.by,
            )
        )

    async def _do(self, command: AmendmentQueued) -> tuple[Verb, SendResult]:
        address, provider_id = command.address, command.provider_id
        match command:
            case ReactionQueued():
                result = await self.bridge.react(address, provider_id, command.emoji)
                return Verb.REACT, result
            case EditQueued():
                return Verb.EDIT, await self.bridge.edit(address, provider_id, command.text)
            case RevokeQueued():
                return Verb.REVOKE, await self.bridge.revoke(address, provider_id)
            case _:
                raise InvalidError(f"No bot does {type(command).__name__}.", field="type")

    def _done(self, command: AmendmentQueued) -> Report:
        at = self.now()
        if isinstance(command, ReactionQueued):
            return ReactionReported(
                at=at,
                session_id=command.session_id,
                provider_id=command.provider_id,
                by=command.by,
                done_at=at,
                emoji=command.emoji,
            )
        if isinstance(command, EditQueued):
            return EditReported(
                at=at,
                session_id=command.session_id,
                provider_id=command.provider_id,
                by=command.by,
                done_at=at,
                text=command.text,
            )
        return RevokeReported(
            at=at,
            session_id=command.session_id,
            provider_id=command.provider_id,
            by=command.by,
            done_at=at,
        )
