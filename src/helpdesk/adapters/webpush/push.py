"""Web Push: RFC 8030 for delivery, RFC 8291 for encryption, RFC 8292 (VAPID) for who we are.

The address of a browser is a capability: whoever knows it can write there, and whoever registers it
chooses it.  So it is in no log or error, and only the push services of browsers are written to.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import http_ece
import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02, VapidException

from helpdesk.domain.errors import InvalidError, UnavailableError
from helpdesk.domain.push import Device, DeviceGoneError, Notice
from helpdesk.ports.system import Clock

__all__ = ["Vapid02", "VapidException", "WebPush", "new_key"]

LIFE: Final = timedelta(hours=12)  # of a signature; push services refuse more than a day
KEPT: Final = timedelta(hours=4)  # by the push service, for a device that is off
TEXT_LIMIT: Final = 1000  # bytes of name and of text: what is sent has room for 4096
_POINT: Final = 65  # bytes of a key of P-256, uncompressed
_AUTH: Final = 16
_GONE: Final = frozenset({404, 410})


def new_key() -> bytes:
    """Make the key by which push services know this installation."""
    vapid = Vapid02()
    vapid.generate_keys()
    pem: bytes = vapid.private_pem()
    return pem


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPush:
    http: aiohttp.ClientSession
    vapid: Any = field(repr=False)
    contact: str  # whom a push service may ask: mailto: or https:
    services: tuple[str, ...]  # origins or hosts; a host with a dot before it: all below it
    now: Clock
    kind: str = "webpush"
    app: Mapping[str, str] = field(default_factory=dict)  # browsers have all they need

    @property
    def public_key(self) -> str:
        point = self.vapid.public_key.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return base64.urlsafe_b64encode(point).decode().rstrip("=")

    async def ping(self) -> None:
        """Nobody to ask: each browser has a push service of its own, and none knows us."""

    def check(self, device: Device) -> None:
        url = urlsplit(device.target)
        if not any(_is_of(url.scheme, url.netloc, it) for it in self.services):
            raise InvalidError(
                "This is no push service of a browser; see webpush.services.", field="target"
            )
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(device.key, _POINT))
        except (ValueError, UnsupportedAlgorithm) as error:
            raise InvalidError("Give the browser's key p256dh.", field="key") from error
        try:
            _bytes(device.auth, _AUTH)
        except ValueError as error:
            raise InvalidError("Give the browser's secret auth.", field="auth") from error

    async def send(self, device: Device, notice: Notice) -> None:
        body: bytes = http_ece.encrypt(
            _content(notice),
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=_bytes(device.key, _POINT),
            auth_secret=_bytes(device.auth, _AUTH),
        )
        try:
            async with self.http.post(
                device.target,
                data=body,
                headers=self._headers(device, notice),
                allow_redirects=False,
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            said = f"The push service does not answer ({type(error).__name__})."
            raise UnavailableError(said) from error
        if status in _GONE:
            raise DeviceGoneError
        if not 200 <= status < 300:
            raise UnavailableError(f"The push service answers {status}.")

    def _headers(self, device: Device, notice: Notice) -> dict[str, str]:
        url = urlsplit(device.target)
        claims = {
            "aud": f"{url.scheme}://{url.netloc}",
            "sub": self.contact,
            "exp": int((self.now() + LIFE).timestamp()),
        }
        signed: dict[str, str] = self.vapid.sign(claims)
        return {
            **signed,
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(KEPT.total_seconds())),
            "Topic": notice.attendance_id.hex,  # a later one replaces what was not delivered yet
            "Urgency": "high",
        }


def _is_of(scheme: str, host: str, service: str) -> bool:
    if "://" in service:
        return f"{scheme}://{host}" == service
    below = service.startswith(".") and host.endswith(service)
    return scheme == "https" and (below or host == service)


def _bytes(text: str, length: int) -> bytes:
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error
    if len(found) != length:
        raise ValueError(text)
    return found


def _content(notice: Notice) -> bytes:
    return msgspec.json.encode(
        {
            "kind": notice.kind,
            "locale": notice.locale,
            "attendance": str(notice.attendance_id),
            "name": _cut(notice.name),
            "text": _cut(notice.text),
        }
    )


def _cut(text: str) -> str:
    return text.encode()[:TEXT_LIMIT].decode(errors="ignore")
