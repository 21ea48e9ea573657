"""Documents by their names, committed all or none, and listeners who are told what changed."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from google.cloud.firestore_v1.types import document as types
from google.protobuf.timestamp_pb2 import Timestamp

from tests.support.firestore.queries import answer, collection_of

Document = types.Document.pb()


class RefusedWriteError(Exception):
    """A precondition does not hold; nothing of the commit was applied."""

    def __init__(self, code: str, name: str) -> None:
        super().__init__(f"{code}: {name}")
        self.code, self.name = code, name


class Documents:
    """The database.  Names are full: projects/…/databases/…/documents/feeds/everyone/events/1."""

    def __init__(self) -> None:
        self._collections: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        self._moved = asyncio.Event()
        self.version = 0  # of the last commit
        self.writes = 0
        self._clock = 0

    def get(self, name: str) -> Any | None:
        return self._collections[name.rpartition("/")[0]].get(name)

    def query(self, parent: str, query: Any) -> list[Any]:
        return answer(self._collections[collection_of(parent, query)].values(), query)

    def of(self, collection: str) -> list[Any]:
        """All in the collections that end so: feeds/everyone/events."""
        return [
            it
            for name, held in self._collections.items()
            if name.endswith(f"/{collection}")
            for it in held.values()
        ]

    def commit(self, writes: Iterable[Any]) -> Timestamp:
        """Check every precondition, then apply everything; return when that was.

        Raises:
            RefusedWriteError: nothing was applied.
        """
        writes = list(writes)
        for it in writes:
            self._check(it)
        at = self.now()
        for it in writes:
            self._apply(it, at)
        self.writes += len(writes)
        self.version += 1
        self._moved.set()
        self._moved = asyncio.Event()
        return at

    def listen(self, look: Callable[[], Iterable[Any]]) -> "Listener":
        """Follow what `look` finds: a query, or one document."""
        return Listener(self, look)

    async def moved(self, since: int) -> None:
        """Wait until something was committed after this version."""
        while self.version <= since:
            await self._moved.wait()

    def now(self) -> Timestamp:
        """A moment that is later than all before."""
        self._clock = max(self._clock + 1000, time.time_ns() // 1000 * 1000)
        at = Timestamp()
        at.FromNanoseconds(self._clock)
        return at

    def _check(self, write: Any) -> None:
        name = write.update.name or write.delete
        if write.WhichOneof("operation") not in ("update", "delete"):
            raise NotImplementedError(write)
        if not write.HasField("current_document"):
            return
        known, wanted = self.get(name), write.current_document
        if wanted.WhichOneof("condition_type") == "exists":
            if wanted.exists and known is None:
                raise RefusedWriteError("NOT_FOUND", name)
            if not wanted.exists and known is not None:
                raise RefusedWriteError("ALREADY_EXISTS", name)
        elif known is None or known.update_time != wanted.update_time:
            raise RefusedWriteError("FAILED_PRECONDITION", name)

    def _apply(self, write: Any, at: Timestamp) -> None:
        name = write.update.name or write.delete
        held = self._collections[name.rpartition("/")[0]]
        known = held.pop(name, None)
        if write.delete:
            return
        kept = Document(name=name, create_time=known.create_time if known else at, update_time=at)
        if write.HasField("update_mask") and known is not None:
            kept.fields.MergeFrom(known.fields)
            for path in write.update_mask.field_paths:
                kept.fields.pop(path, None)
        for path, value in write.update.fields.items():
            kept.fields[path].CopyFrom(value)
        held[name] = kept


@dataclass(slots=True)
class Changes:
    """What is shown anew or otherwise, what is shown no more, and as of when."""

    shown: list[Any]
    gone: list[str]
    at: Timestamp


@dataclass(slots=True)
class Listener:
    documents: Documents
    look: Callable[[], Iterable[Any]]
    _seen: int = -1
    _shown: dict[str, Any] = field(default_factory=dict)  # update times, by name

    async def next(self) -> Changes:
        """The first time what there is, even nothing; then what changed, when something did."""
        while True:
            first = self._seen < 0
            await self.documents.moved(self._seen)
            self._seen = self.documents.version
            found = {it.name: it for it in self.look()}
            told = [it for it in found.values() if self._shown.get(it.name) != it.update_time]
            gone = [name for name in self._shown if name not in found]
            self._shown = {name: it.update_time for name, it in found.items()}
            if first or told or gone:
                return Changes(told, gone, self.documents.now())
