"""`ports.bridge.Bridge` on the Graph API: sending; what clients write comes by webhook.

A message that may have been accepted is reported as unknown: the status webhook brings our own id
back and settles it.  A session that Meta refuses sends nothing more, until it is let in again.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable
from contextlib import AbstractAsyncContextManager, suppress
from time import monotonic
from typing import Final

import structlog

from helpdesk.adapters.whatsapp.cloud.failures import Remedy, Verdict, error_of
from helpdesk.adapters.whatsapp.cloud.files import Files
from helpdesk.adapters.whatsapp.cloud.graph import Answer, Graph, UncertainError
from helpdesk.adapters.whatsapp.cloud.hostile import Json, id_of, parts, text
from helpdesk.adapters.whatsapp.cloud.outgoing import body_of, reaction, seen
from helpdesk.adapters.whatsapp.cloud.pace import Pace, Shutter
from helpdesk.adapters.whatsapp.cloud.people import phone_or_id
from helpdesk.domain.bridge import (
    Capabilities,
    Health,
    Outbound,
    Outcome,
    SendResult,
    StateReported,
)
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import MediaLimits, VoiceFormat
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import SessionId
from helpdesk.domain.message import Delivery, Failure
from helpdesk.domain.session import NotCapableError, SessionState
from helpdesk.ports.bridge import Sink
from helpdesk.ports.system import Clock

CAPABILITIES: Final = Capabilities(
    session_restore=True,
    typing=True,
    mark_read=True,
    quote=True,
    reactions=True,
    echo=True,
    templates=True,
    window_24h=True,
    client_correlation=True,
    acks=frozenset({Delivery.SENT, Delivery.DELIVERED, Delivery.READ}),
    location=True,
    contacts=True,
    media=MediaLimits(),
    voice=VoiceFormat.OGG_OPUS,
)
CHECK_EVERY: Final = 60.0  # seconds between two looks at the number
TELL_AGAIN: Final = 1.0  # seconds, when the state could not be told
READ_LATELY: Final = 10_000  # clients of whom the last message that was read is known

log = structlog.get_logger(__name__)


class CloudBridge:
    def __init__(
        self,
        session: SessionId,
        graph: Graph,
        files: Files,
        *,
        now: Clock,
        check_every: float = CHECK_EVERY,
    ) -> None:
        self._session = session
        self._graph = graph
        self._files = files
        self._now = now
        self._check_every = check_every
        self._pace = Pace(monotonic)
        self._shutter = Shutter(now)
        self._state = SessionState.STARTING
        self._reason = ""
        self._look = asyncio.Event()
        self._read: OrderedDict[str, str] = OrderedDict()  # the last message, by client

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    async def run(self, sink: Sink) -> None:
        told: tuple[SessionState, str] | None = None
        while True:
            self._look.clear()
            phone = await self._check()
            now = self._state, self._reason
            if told != now and await self._told(sink, phone):
                told = now
            wait = self._check_every if told == now else min(self._check_every, TELL_AGAIN)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), wait)

    async def _told(self, sink: Sink, phone: str | None) -> bool:
        report = StateReported(
            at=self._now(),
            session_id=self._session,
            state=self._state,
            reason=self._reason,
            phone=phone,
        )
        try:
            await sink(report)
        except UnavailableError as error:
            log.warning("state_not_told", error=error.detail)
        except Exception:
            log.exception("state_not_told")
        else:
            return True
        return False

    async def send(self, message: Outbound) -> SendResult:
        self._must_be_let_in()
        await self._pace.turn(message.address)
        result, verdict = await self._try(message)
        if verdict and verdict.remedy is Remedy.UPLOAD_AGAIN and message.content.media:
            result, _ = await self._try(message)
        return result

    async def react(self, address: Identity, provider_id: str, emoji: str) -> SendResult:
        self._must_be_let_in()
        await self._pace.turn(address)
        posted = self._graph.post(reaction(address, provider_id, emoji))
        return (await self._judged(posted, address))[0]

    async def edit(self, address: Identity, provider_id: str, text: str) -> SendResult:
        raise NotCapableError

    async def revoke(self, address: Identity, provider_id: str) -> SendResult:
        raise NotCapableError

    async def mark_read(self, address: Identity, provider_id: str) -> None:
        self._read.pop(address.key, None)
        self._read[address.key] = provider_id
        if len(self._read) > READ_LATELY:
            self._read.popitem(last=False)
        with suppress(UnavailableError, UncertainError):
            await self._graph.post(seen(provider_id))

    async def set_typing(self, address: Identity) -> None:
        provider_id = self._read.get(address.key)
        if provider_id is not None:  # the API wants a message to which the answer is typed
            with suppress(UnavailableError, UncertainError):
                await self._graph.post(seen(provider_id, typing=True))

    def open_media(self, ref: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        return self._files.open(ref)

    async def check_contact(self, address: Identity) -> bool | None:
        return None

    async def request_pair_code(self, phone: str) -> None:
        raise NotCapableError

    async def health(self) -> Health:
        return Health(state=self._state, detail=self._reason)

    async def logout(self) -> None:
        raise NotCapableError

    async def _check(self) -> str | None:
        """Look how the number is, and return it."""
        fields = "display_phone_number,verified_name,quality_rating"
        try:
            answer = await self._graph.get(self._graph.number, fields=fields)
        except (UnavailableError, UncertainError) as error:
            self._become(SessionState.DISCONNECTED, str(error))
            return None
        if answer.is_good:
            if not self._shutter.is_shut:
                self._become(SessionState.CONNECTED, "")
            found = phone_or_id(text(answer.body, "display_phone_number"))
            return found.value if found else None
        verdict = error_of(answer.body, status=answer.status)
        self._follow(verdict, otherwise=SessionState.DISCONNECTED)
        return None

    def _become(self, state: SessionState, reason: str) -> None:
        self._state, self._reason = state, reason

    def _must_be_let_in(self) -> None:
        refused = self._state in (SessionState.LOGGED_OUT, SessionState.BANNED)
        if refused or self._shutter.is_shut:
            raise UnavailableError(f"Meta refuses this number: {self._reason}")

    async def _try(self, message: Outbound) -> tuple[SendResult, Verdict | None]:
        media_id = None
        if message.content.media:
            uploaded, verdict = await self._judged(
                self._files.upload(message.content.media), message.address
            )
            if uploaded.outcome is not Outcome.ACCEPTED:
                return _not_sent(uploaded), verdict
            media_id = uploaded.provider_id
        posted = self._graph.post(body_of(message, media_id))
        return await self._judged(posted, message.address)

    async def _judged(
        self, asked: Awaitable[Answer], to: Identity
    ) -> tuple[SendResult, Verdict | None]:
        """Wait for the answer, and do what follows from it.

        Raises:
            UnavailableError: certainly not done; again later.
        """
        try:
            answer = await asked
        except UncertainError as error:
            return _unknown(str(error)), None
        if answer.is_good:
            self._pace.went_well(to)
            self._shutter.went_well()
            return _accepted(answer.body, to), None
        verdict = error_of(answer.body, status=answer.status)
        self._pause(verdict, to, answer.retry_after)
        self._follow(verdict, otherwise=None)
        if verdict.remedy is Remedy.UNCERTAIN:
            return _unknown(verdict.failure.detail), verdict
        return SendResult(outcome=Outcome.REJECTED, failure=verdict.failure), verdict

    def _pause(self, verdict: Verdict, to: Identity, retry_after: float | None) -> None:
        if verdict.remedy is Remedy.SLOW_NUMBER:
            self._pace.slow_number(retry_after)
            raise UnavailableError(verdict.failure.detail)
        if verdict.remedy is Remedy.SLOW_CLIENT:
            self._pace.slow_client(to)
            raise UnavailableError(verdict.failure.detail)

    def _follow(self, verdict: Verdict, *, otherwise: SessionState | None) -> None:
        """Let the session follow what Meta said; what it refuses is not tried again and again."""
        states = {
            Remedy.LOG_OUT: SessionState.LOGGED_OUT,
            Remedy.BAN: SessionState.BANNED,
        }
        state = states.get(verdict.remedy, otherwise)
        if verdict.remedy in (Remedy.ALARM, *states):
            log.warning("cloud_refused", code=verdict.failure.code, detail=verdict.failure.detail)
        if state is not None:
            self._become(state, verdict.failure.detail)
            self._look.set()
        if verdict.remedy in states and otherwise is None:
            self._shutter.shut()
            raise UnavailableError(verdict.failure.detail)


def _accepted(body: Json, to: Identity) -> SendResult:
    contact = next(parts(body, "contacts"), {})
    found = (phone_or_id(id_of(contact, "wa_id")), phone_or_id(id_of(contact, "user_id")))
    aliases = tuple(it for it in dict.fromkeys(found) if it and it != to)
    sent = id_of(next(parts(body, "messages"), {}), "id") or id_of(body, "id")
    return SendResult(outcome=Outcome.ACCEPTED, provider_id=sent or None, recipient_aliases=aliases)


def _unknown(detail: str) -> SendResult:
    return SendResult(outcome=Outcome.UNKNOWN, failure=Failure("timeout_unknown", detail))


def _not_sent(uploaded: SendResult) -> SendResult:
    """An upload whose outcome is unknown sent nothing to anybody."""
    if uploaded.outcome is Outcome.UNKNOWN:
        raise UnavailableError("The file could not be uploaded.")
    return uploaded
