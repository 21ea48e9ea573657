"""Firebase Cloud Messaging: browsers and phones, by the id that Firebase gave each of them.

A message is data only: what it says in which language is for whoever shows it.  Unlike Web Push it
is not encrypted for the browser, so what a person chose to be told is read by Google, too.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import firebase_admin
from firebase_admin import messaging
from firebase_admin.exceptions import FirebaseError

from helpdesk.adapters.firebase.signing_in import SignedIn, sign_in
from helpdesk.domain.errors import InvalidError, UnavailableError
from helpdesk.domain.push import Device, DeviceGoneError, Notice
from helpdesk.neighbours import Firebase

AT_ONCE: Final = 20
TIMEOUT: Final = 15.0  # seconds for one message, with the library's own attempts
KEPT: Final = timedelta(hours=4)  # by FCM, for a device that is off
TEXT_LIMIT: Final = 1000  # bytes of name and of text: what is sent has room for 4096
_INSTALLATION: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_GONE: Final = (messaging.UnregisteredError, messaging.SenderIdMismatchError)


@asynccontextmanager
async def open_messaging(settings: Firebase) -> AsyncIterator["FirebasePush"]:
    """Connect when something is sent.

    Raises:
        OpeningError: the credentials cannot be read.
    """
    signed_in = await sign_in(settings.credentials, settings.project)
    app = firebase_admin.initialize_app(
        signed_in,
        {"projectId": signed_in.project, "httpTimeout": TIMEOUT},
        name=f"push {uuid4().hex}",
    )
    try:
        yield FirebasePush(
            app_of_admin=app,
            signed_in=signed_in,
            public_key=settings.vapid_key,
            app={
                "projectId": signed_in.project,
                "apiKey": settings.api_key,
                "appId": settings.app_id,
                "messagingSenderId": settings.sender_id,
            },
        )
    finally:
        # The library would close its connections in an event loop of its own: they are of this one.
        await messaging._get_messaging_service(app)._async_client.aclose()  # noqa: SLF001
        await asyncio.to_thread(firebase_admin.delete_app, app)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirebasePush:
    app_of_admin: Any = field(repr=False)
    signed_in: SignedIn = field(repr=False)
    public_key: str
    app: Mapping[str, str]
    kind: str = "firebase"
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def ping(self) -> None:
        """Have FCM judge a message that it does not send; the topic is nobody's."""
        message = messaging.Message(topic="helpdesk-check", data={"kind": "check"})
        await self._hand_over(message, dry_run=True)

    def check(self, device: Device) -> None:
        if not _INSTALLATION.fullmatch(device.target):
            raise InvalidError("Give the Firebase installation id.", field="target")
        for name, value in (("key", device.key), ("auth", device.auth)):
            if value:
                raise InvalidError("Leave it out: Firebase has it.", field=name)

    async def send(self, device: Device, notice: Notice) -> None:
        try:
            await self._hand_over(_message(device, notice))
        except _GONE as error:
            raise DeviceGoneError from error

    async def _hand_over(self, message: Any, *, dry_run: bool = False) -> None:
        async with self.slots:
            await self.signed_in.prepare()
            try:
                async with asyncio.timeout(TIMEOUT):
                    sent = await messaging.send_each_async(
                        [message], dry_run=dry_run, app=self.app_of_admin
                    )
                if (error := sent.responses[0].exception) is not None:
                    raise error
            except _GONE:
                raise
            except FirebaseError as error:
                raise UnavailableError(f"FCM refuses: {error.code}; {error}") from error
            except TimeoutError as error:
                raise UnavailableError("FCM does not answer.") from error


def _message(device: Device, notice: Notice) -> Any:
    ours, kept = notice.attendance_id.hex, int(KEPT.total_seconds())
    return messaging.Message(
        fid=device.target,
        data={
            "kind": notice.kind.value,
            "locale": notice.locale,
            "attendance": str(notice.attendance_id),
            "name": _cut(notice.name),
            "text": _cut(notice.text),
        },
        # A later one replaces what was not delivered yet.
        webpush=messaging.WebpushConfig(
            headers={"Topic": ours, "TTL": str(kept), "Urgency": "high"}
        ),
        android=messaging.AndroidConfig(collapse_key=ours, priority="high", ttl=KEPT),
    )


def _cut(text: str) -> str:
    return text.encode()[:TEXT_LIMIT].decode(errors="ignore")
