"""A helpdesk whose dashboards listen in Firestore, and a browser that does."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from google.cloud.firestore_v1.types import query as types

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.live import Rights
from helpdesk.neighbours import Firebase
from helpdesk.opening import opening
from helpdesk.settings import Adapters, Settings
from tests.support.firestore.documents import Documents
from tests.support.firestore.peer import Peer, serving
from tests.support.firestore.values import plain
from tests.support.google import PROJECT, Account, service_account

ROOT = f"projects/{PROJECT}/databases/(default)/documents"


@dataclass(slots=True)
class Elsewhere:
    """`settings` choose `adapters.feed = "firebase"`, upon the stand-ins."""

    peer: Peer
    account: Account
    settings: Settings

    @property
    def documents(self) -> Documents:
        return self.peer.documents

    def open(self, settings: Settings | None = None) -> Any:
        """Open ports of these settings, or of others with this feed."""
        adapters = replace((settings or self.settings).adapters, feed="firebase")
        firebase = self.settings.firebase
        return opening(replace(settings or self.settings, adapters=adapters, firebase=firebase))

    def seen_by(self, person: Attendant, since: int = 0) -> list[dict[str, Any]]:
        """What a browser of this person reads, by cursor; the same event is taken once."""
        found = {}
        for feed in Rights.of(person).feeds:
            for it in self.documents.query(f"{ROOT}/feeds/{feed}", after(since)):
                told = {name: plain(value) for name, value in it.fields.items()}
                found[told["cursor"]] = told
        return [found[cursor] for cursor in sorted(found)]


def after(since: int) -> Any:
    """Ask as browsers do: what has a greater cursor, in its order."""
    kind = types.StructuredQuery.pb()
    query = kind()
    query.from_.add(collection_id="events")
    query.order_by.add(field={"field_path": "cursor"}, direction="ASCENDING")
    asked = query.where.field_filter
    asked.field.field_path = "cursor"
    asked.op = kind.FieldFilter.Operator.Value("GREATER_THAN")
    asked.value.integer_value = since
    return query


@asynccontextmanager
async def elsewhere(folder: Path) -> AsyncIterator[Elsewhere]:
    """Serve stand-ins for Firestore and Google's sign-in inside the block."""
    async with serving() as peer, service_account(folder) as account:
        kept = os.environ.get("FIRESTORE_EMULATOR_HOST")
        os.environ["FIRESTORE_EMULATOR_HOST"] = peer.host
        firebase = Firebase(credentials=account.path, api_key="a-key")
        chosen = Adapters(store="memory", feed="firebase", media="memory", push="memory")
        try:
            yield Elsewhere(peer, account, Settings(adapters=chosen, firebase=firebase))
        finally:
            os.environ.pop("FIRESTORE_EMULATOR_HOST")
            if kept is not None:
                os.environ["FIRESTORE_EMULATOR_HOST"] = kept
