"""Whether Meta sent a body: HMAC-SHA256 over the raw bytes, keyed with the app secret.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started, "Validating Payloads".
"""

import hmac
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

HEADER: Final = "X-Hub-Signature-256"
_PREFIX: Final = "sha256="


def sign(body: bytes, secret: str) -> str:
    """Write the header's value."""
    return _PREFIX + hmac.new(secret.encode(), body, sha256).hexdigest()


def is_signed(body: bytes, given: str, secrets: Iterable[str]) -> bool:
    """Whether one of the secrets made the signature; in constant time for each."""
    if not given.isascii():
        return False
    # All are tried, so that the time does not tell which of them fits.
    found = [hmac.compare_digest(sign(body, it), given) for it in secrets if it]
    return any(found)
