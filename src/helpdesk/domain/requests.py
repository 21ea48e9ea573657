"""Idempotency keys: a repeated request finds what the first one made, because its id is the same.

No table of keys is needed, and a key is remembered for as long as what it made.
"""

from hashlib import sha256
from uuid import UUID

from helpdesk.domain.errors import ConflictError


class KeyReusedError(ConflictError):
    """This Idempotency-Key was used for something else; take a new one."""

    code = "idempotency_key_reused"


def id_for(*scope: object, key: str) -> UUID:
    """Derive the id of what a request makes (UUID version 8, RFC 9562 section 5.8).

    `scope` keeps equal keys of different people, or for different things, apart.
    """
    digest = sha256("\x1f".join((*map(str, scope), key)).encode()).digest()
    bits = int.from_bytes(digest[:16], "big")
    bits = bits & ~(0xF << 76) | 0x8 << 76  # version
    bits = bits & ~(0x3 << 62) | 0x2 << 62  # variant
    return UUID(int=bits)
