"""Tokens and app secrets: from the configuration, or from the environment by a session's name.

`HELPDESK_CLOUD_TOKEN_SALES` is the token of the session "Sales", and so on; letters and digits
only, the rest becomes an underscore.  They are nowhere else: not in the database, not in logs.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

TOKEN: Final = "HELPDESK_CLOUD_TOKEN_"  # noqa: S105 - the name, not the token
APP_SECRET: Final = "HELPDESK_CLOUD_APP_SECRET_"  # noqa: S105
ACCOUNT: Final = "HELPDESK_CLOUD_ACCOUNT_"
_OTHER: Final = re.compile(r"[^A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class Secrets:
    environment: Mapping[str, str] = field(repr=False)
    token: str = field(repr=False)  # of sessions that have none of their own
    app_secret: str = field(repr=False)

    def token_of(self, session_name: str) -> str:
        return self.environment.get(TOKEN + slug(session_name), "") or self.token

    def account_of(self, session_name: str) -> str:
        """Name the business account of a session that has one of its own; no secret at all."""
        return self.environment.get(ACCOUNT + slug(session_name), "")

    def app_secrets(self) -> tuple[str, ...]:
        """List all by which a webhook may be signed."""
        own = (v for k, v in sorted(self.environment.items()) if k.startswith(APP_SECRET))
        return tuple(dict.fromkeys(it for it in (self.app_secret, *own) if it))


def slug(name: str) -> str:
    """Write a session's name as the end of a variable's name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    return _OTHER.sub("_", plain).strip("_")
