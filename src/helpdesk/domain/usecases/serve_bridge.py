"""The bot's way out: commands for the session it holds."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpdesk.domain.amendment import AmendmentQueued
from helpdesk.domain.attachment import MediaWanted, content_of
from helpdesk.domain.bridge import (
    Outbound,
    Outcome,
    ReadReceiptRequested,
    SendReported,
    SendResult,
    TypingShown,
)
from helpdesk.domain.change import Event
from helpdesk.domain.errors import InvalidError, UnavailableError
from helpdesk.domain.journey import Hop, StepName
from helpdesk.domain.media import Media
from helpdesk.domain.message import Content, Delivery, Failure, ReplyQueued
from helpdesk.domain.report import AliasReported
from helpdesk.domain.session import LogoutRequested, PairCodeRequested
from helpdesk.domain.usecases.amend_on_bridge import Amend
from helpdesk.domain.usecases.fetch_media import FetchAgain
from helpdesk.domain.usecases.forward_report import ForwardReport
from helpdesk.domain.usecases.send_carefully import at_once
from helpdesk.ports.bridge import Bridge
from helpdesk.ports.leases import Lease
from helpdesk.ports.store import Store
from helpdesk.ports.system import Clock

PREPARING: Final = 45.0  # seconds for a conversion; under the time that a command may take
FIRST_LOOK: Final = 0.1
LONGEST_LOOK: Final = 1.0
_DELIVERY = {
    Outcome.ACCEPTED: Delivery.SENT,
    Outcome.REJECTED: Delivery.FAILED,
    Outcome.UNKNOWN: Delivery.UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverReply:
    """Send at most once.

    Where the bridge takes preset ids, WhatsApp itself drops a repetition, so that a crash between
    sending and reporting is mended by sending again.  Elsewhere the attempt is claimed first, and
    a claim found means: perhaps sent, shown as unknown, never sent again by us.

    Either way nothing is sent, or reported, by a bot that has lost its lease of the session.  One
    that loses it between the check and the sending does no harm, for the same two reasons.
    """

    store: Store
    bridge: Bridge
    lease: Lease
    forward: ForwardReport
    now: Clock
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    turn: Callable[[], Awaitable[None]] = at_once  # before anything is claimed

    async def __call__(self, command: ReplyQueued) -> None:
        """Send and report.

        Raises:
            UnavailableError: certainly not sent, or not reported; deliver the command again.
            LeaseLostError: the session is another bot's.
        """
        await self.turn()
        began = Hop(StepName.SENDING, self.now(), self.forward.process, command.attempt)
        content = await self._content(command)
        if content is None:
            result = SendResult(
                outcome=Outcome.REJECTED, failure=Failure("media_rejected", "The file was removed.")
            )
        elif not await self._may_send(command):
            result = SendResult(
                outcome=Outcome.UNKNOWN,
                failure=Failure("timeout_unknown", "The bot stopped while it was sending."),
            )
        else:
            result = await self._send(command, content)
        await self.forward(_report(command, result, self.now()), began)
        if result.recipient_aliases:
            known = (command.address, *result.recipient_aliases)
            await self.forward(
                AliasReported(at=self.now(), session_id=command.session_id, known=known)
            )

    async def _may_send(self, command: ReplyQueued) -> bool:
        preset = self.bridge.capabilities.preset_message_id
        async with self.store.transaction(hold=not preset, hurry=False) as work:
            first = preset or await work.first_time(_claim(command))
            await work.must_hold(self.lease)
        return first

    async def _content(self, command: ReplyQueued) -> Content | None:
        """What to send; it is waited for until there is of it what WhatsApp plays.

        Commands of one attendance come one after another, so what follows it waits as well.
        """
        if command.content.media is None:
            return command.content
        voice, left, pause = self.bridge.capabilities.voice, PREPARING, FIRST_LOOK
        while (media := await self._file(command)) and media.waits_for_conversion(voice):
            if left <= 0:
                raise UnavailableError("The file is still being converted.")
            await self.sleep(pause)
            left, pause = left - pause, min(pause * 2, LONGEST_LOOK)
        if media is None or media.blob is None:
            return None
        return content_of(media.to_send(voice), command.content.text)

    async def _file(self, command: ReplyQueued) -> Media | None:
        """The file as it is now."""
        async with self.store.transaction() as work:
            it = await work.messages.find(command.message_id)
        return it.content.media if it else None

    async def _send(self, command: ReplyQueued, content: Content) -> SendResult:
        try:
            return await self.bridge.send(
                Outbound(
                    message_id=command.message_id,
                    address=command.address,
                    content=content,
                    quote_provider_id=command.quote_provider_id,
                )
            )
        except UnavailableError:
            if not self.bridge.capabilities.preset_message_id:
                async with self.store.transaction() as work:
                    await work.disclaim(_claim(command))
            raise


def _claim(command: ReplyQueued) -> str:
    return f"sending:{command.message_id}:{command.attempt}"


def _report(command: ReplyQueued, result: SendResult, at: datetime) -> SendReported:
    return SendReported(
        at=at,
        session_id=command.session_id,
        message_id=command.message_id,
        attempt=command.attempt,
        delivery=_DELIVERY[result.outcome],
        provider_id=result.provider_id,
        failure=result.failure,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeBridge:
    """Do what a command says."""

    bridge: Bridge
    deliver_reply: DeliverReply
    fetch_again: FetchAgain

    async def __call__(self, command: Event) -> None:
        """Raises UnavailableError when it must be tried again, InvalidError for a stranger."""
        match command:
            case ReplyQueued():
                await self.deliver_reply(command)
            case MediaWanted():
                await self.fetch_again(command)
            case ReadReceiptRequested():
                await self.bridge.mark_read(command.address, command.provider_id)
            case TypingShown():
                await self.bridge.set_typing(command.address)
            case LogoutRequested():
                await self._log_out(command)
            case PairCodeRequested():
                await self.bridge.request_pair_code(command.phone)
            case AmendmentQueued():
                deliver = self.deliver_reply
                amend = Amend(bridge=self.bridge, forward=deliver.forward, now=deliver.now)
                await amend(command)
            case _:
                raise InvalidError(f"No bot does {type(command).__name__}.", field="type")

    async def _log_out(self, command: LogoutRequested) -> None:
        """Unlink once: delivered again, it would unlink who has linked anew since."""
        claim = f"logout:{command.session_id}:{command.at.isoformat()}"
        deliver = self.deliver_reply
        async with deliver.store.transaction() as work:
            first = await work.first_time(claim)
            await work.must_hold(deliver.lease)
        if not first:
            return
        try:
            await self.bridge.logout()
        except UnavailableError:
            async with deliver.store.transaction() as work:
                await work.disclaim(claim)
            raise
