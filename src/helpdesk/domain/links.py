"""Links to files that work without signing in, for some minutes: signed, and nothing to guess."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from helpdesk.domain.ids import MediaId
from helpdesk.domain.media import Form

LINK_LASTS: Final = timedelta(minutes=10)
SIGNING_KEY: Final = "media links"  # the name of the secret in the store
_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a link opens, and until when: the original, or one rendition."""

    media_id: MediaId
    form: Form | None
    expires_at: datetime  # in whole seconds

    @classmethod
    def to(cls, media_id: MediaId, form: Form | None, *, at: datetime) -> "Link":
        """Make one that lasts a while from now."""
        expires_at = (at + LINK_LASTS).replace(microsecond=0)
        return cls(media_id=media_id, form=form, expires_at=expires_at)

    @property
    def expires(self) -> int:
        """Seconds since the epoch, as they stand in the address."""
        return int(self.expires_at.timestamp())

    def signature(self, key: bytes) -> str:
        text = f"{self.media_id}/{self.form or 'original'}/{self.expires}"
        return hmac.new(key, text.encode(), sha256).hexdigest()

    def is_signed(self, key: bytes, signature: str, *, at: datetime) -> bool:
        """Whether the signature is ours, and the link still good."""
        ours = self.signature(key).encode()
        return hmac.compare_digest(ours, signature.encode()) and at < self.expires_at


def key_of(*chance: str) -> bytes:
    """Make a signing key of tokens that nobody guesses."""
    return sha256("\x1f".join(chance).encode()).digest()[:_KEY_BYTES]
