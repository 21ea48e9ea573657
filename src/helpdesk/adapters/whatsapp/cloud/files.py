"""Files at Meta: fetched in two steps, uploaded before they are sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile

from helpdesk.adapters.whatsapp.cloud.graph import Answer, Graph, UncertainError
from helpdesk.adapters.whatsapp.cloud.hostile import Json, part, text, whole
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import MediaGoneError
from helpdesk.domain.media import Media
from helpdesk.ports.media import MediaStore

GONE = frozenset({404, 410})
NO_SUCH_OBJECT = (100, 33)  # code and sub-code: ids from webhooks expire after 7 days


@dataclass(frozen=True, slots=True)
class Files:
    graph: Graph
    store: MediaStore

    @asynccontextmanager
    async def open(self, ref: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """Open a client's file by Meta's id.

        Raises:
            MediaGoneError, UnavailableError.
        """
        try:
            answer = await self.graph.get(ref)
        except UncertainError as error:
            raise UnavailableError(str(error)) from error
        url = text(answer.body, "url")
        if not answer.is_good or not url:
            raise _missing(answer.status, answer.body)
        async with self.graph.download(url) as (status, pieces):
            if status != 200:
                raise _missing(status, {})
            yield pieces

    async def upload(self, it: Media) -> Answer:
        """Store a file at Meta; it must have a length, so that it is on disk meanwhile."""
        assert it.blob is not None  # only what is in the store is sent
        with TemporaryFile() as file:
            async with self.store.open(it.blob) as pieces:
                async for piece in pieces:
                    await asyncio.to_thread(file.write, piece)
            file.seek(0)
            return await self.graph.upload(file, name=it.name, mime=it.mime)


def _missing(status: int, body: Json) -> Exception:
    error = part(body, "error")
    code = (whole(error, "code"), whole(error, "error_subcode"))
    if status in GONE or code == NO_SUCH_OBJECT:
        return MediaGoneError("Meta does not have the file any more.")
    return UnavailableError(f"Meta's files: HTTP {status}.")
