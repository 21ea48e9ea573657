"""The feed as documents in Firestore, in which dashboards listen."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic
from typing import Final

from firebase_admin import firestore_async
from google.cloud.firestore import AsyncClient

from helpdesk.adapters.firebase.documents import Written, documents_of, resync
from helpdesk.adapters.firebase.project import TIMEOUT, Project, translated
from helpdesk.adapters.system.clock import now
from helpdesk.adapters.system.ids import new_token
from helpdesk.domain.errors import UnavailableError
from helpdesk.ports.feed import FeedItem

TOGETHER: Final = 400  # documents of one commit; Firestore took 500 for years
ASK_AGAIN: Final = 60.0  # seconds for which an answer stands for how Firestore is
_PROBE: Final = "checks/probe"  # is never there


@asynccontextmanager
async def open_firestore(
    project: Project, keep: timedelta, *, text: bool = False
) -> AsyncIterator["FirestoreLive"]:
    """Connect when something is written; close in the end."""
    client = firestore_async.client(project.app)
    try:
        yield FirestoreLive(client, project.id, keep, text=text)
    finally:
        await client._firestore_api.transport.close()  # noqa: SLF001 - it has no other way


class FirestoreLive:
    """`keep`: how long a dashboard may be away; documents say when they may be deleted.

    `text`: documents have that of messages.
    """

    def __init__(self, client: AsyncClient, project: str, keep: timedelta, *, text: bool) -> None:
        self._client, self._project, self._keep, self._text = client, project, keep, text
        self._trouble: UnavailableError | None = None
        self._asked_at = -ASK_AGAIN

    async def publish(self, items: Sequence[FeedItem]) -> None:
        written = [it for item in items for it in self._documents_of(item)]
        for start in range(0, len(written), TOGETHER):
            await self._commit(written[start : start + TOGETHER])

    async def reset(self, cursor: int) -> None:
        await self._commit([resync(cursor, at=now(), keep=self._keep)])

    async def ping(self) -> None:
        if monotonic() - self._asked_at > ASK_AGAIN:
            async with self._noted():
                await self._client.document(_PROBE).get(retry=None, timeout=TIMEOUT)
        if self._trouble is not None:
            raise UnavailableError(self._trouble.detail)

    async def check(self) -> None:
        async with self._noted():
            document = self._client.document(f"checks/{new_token()}")
            await document.set({"at": now()}, retry=None, timeout=TIMEOUT)
            await document.delete(retry=None, timeout=TIMEOUT)

    def _documents_of(self, item: FeedItem) -> Iterator[Written]:
        return documents_of(item, keep=self._keep, text=self._text)

    async def _commit(self, documents: list[Written]) -> None:
        """Write all or none; whoever calls tries again, so nothing here does."""
        batch = self._client.batch()
        for it in documents:
            batch.set(self._client.document(it.path), it.content)
        async with self._noted():
            await batch.commit(retry=None, timeout=TIMEOUT)

    @asynccontextmanager
    async def _noted(self) -> AsyncIterator[None]:
        """Remember for probes how it went."""
        try:
            with translated(self._project):
                yield
        except UnavailableError as error:
            self._trouble = error
            raise
        else:
            self._trouble = None
        finally:
            self._asked_at = monotonic()
