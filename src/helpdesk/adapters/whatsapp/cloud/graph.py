"""The Graph API over HTTP: one number's requests, their answers, and what a failure leaves open.

Neither the token nor an address of a client is in any message, log line or error from here.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final
from urllib.parse import quote, urlsplit

import aiohttp

from helpdesk.adapters.whatsapp.cloud.hostile import Json, MalformedError, read, text
from helpdesk.domain.errors import UnavailableError

ANSWER_LIMIT: Final = 4 * 1024 * 1024  # bytes of a JSON answer
PIECE: Final = 64 * 1024
# Where Meta keeps files (lookaside.fbsbx.com): the token goes nowhere else.
_META: Final = (".fbsbx.com", ".facebook.com", ".whatsapp.net", ".whatsapp.com")


class UncertainError(Exception):
    """The request may have been carried out: the answer did not come, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Json
    retry_after: float | None

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300 and "error" not in self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Requests as one app, for one number."""

    http: aiohttp.ClientSession
    base_url: str
    version: str
    token: str = field(repr=False)
    number: str  # phone_number_id

    async def post(self, body: Json) -> Answer:
        """Send, mark as read, react: what `/messages` takes.

        Raises:
            UnavailableError: there was no connection; certainly not done.
            UncertainError.
        """
        return await self._ask("POST", self._url(self.number, "messages"), json=body)

    async def upload(self, file: BinaryIO, *, name: str, mime: str) -> Answer:
        """Store a file at Meta for 30 days; raises as `post` does."""
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("type", mime)
        form.add_field("file", file, filename=name, content_type=mime)
        return await self._ask("POST", self._url(self.number, "media"), data=form)

    async def get(self, *path: str, **query: str) -> Answer:
        """Read something; raises as `post` does."""
        return await self._ask("GET", self._url(*path), params=query)

    async def follow(self, url: str) -> Answer:
        """Read a further page, by the address that the former one gave.

        Raises:
            UnavailableError: it leads elsewhere; or as `post` does.
        """
        return await self._ask("GET", self._trusted(url))

    @asynccontextmanager
    async def download(self, url: str) -> AsyncIterator[tuple[int, AsyncIterator[bytes]]]:
        """Open a file, with the token, and yield the status and the bytes.

        Raises:
            UnavailableError: no connection, or it would lead elsewhere.
        """
        try:
            async with self.http.get(
                self._trusted(url), headers=self._headers, allow_redirects=False
            ) as answer:
                yield answer.status, answer.content.iter_chunked(PIECE)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UnavailableError(f"Meta's files: {type(error).__name__}.") from error

    async def _ask(self, method: str, url: str, **request: Any) -> Answer:
        try:
            async with self.http.request(
                method, url, headers=self._headers, allow_redirects=False, **request
            ) as answer:
                body = await answer.content.read(ANSWER_LIMIT)
                return Answer(answer.status, _read(body, answer.status), _pause(answer.headers))
        except aiohttp.ClientConnectorError as error:
            raise UnavailableError("The Graph API cannot be reached.") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UncertainError(f"The Graph API: {type(error).__name__}.") from error

    def _url(self, *path: str) -> str:
        return "/".join((self.base_url.rstrip("/"), self.version, *(quote(it) for it in path)))

    def _trusted(self, url: str) -> str:
        try:
            to, base = urlsplit(url), urlsplit(self.base_url)
            same = (to.scheme, to.hostname, to.port) == (base.scheme, base.hostname, base.port)
        except ValueError:
            raise UnavailableError("Meta gave an address that is none.") from None
        ours = to.scheme == "https" and (to.hostname or "").endswith(_META)
        if not (same or ours):
            raise UnavailableError("Meta gave an address that is not its own.")
        return url

    @property
    def _headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def _read(body: bytes, status: int) -> Json:
    try:
        return read(body)
    except MalformedError:
        if 200 <= status < 300:
            raise UncertainError("The Graph API's answer cannot be read.") from None
        return {}


def _pause(headers: Mapping[str, str]) -> float | None:
    wanted = text(dict(headers), "Retry-After", limit=10)
    return float(wanted) if wanted.isascii() and wanted.isdigit() else None
