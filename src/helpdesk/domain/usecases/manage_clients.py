"""The client panel, and clients entered by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.client import Client, ClientNotFoundError
from helpdesk.domain.identity import Identity
from helpdesk.domain.ids import ClientId
from helpdesk.domain.requests import KeyReusedError, id_for
from helpdesk.ports.store import Store, UnitOfWork
from helpdesk.ports.system import Clock, NewId


@dataclass(frozen=True, slots=True, kw_only=True)
class ManageClients:
    store: Store
    now: Clock
    new_id: NewId

    async def add(
        self, phone: str, *, by: Attendant, name: str = "", key: str | None = None
    ) -> Client:
        """Enter a person; one who is known by this number is returned as they are.

        Raises:
            InvalidError: the number.
            KeyReusedError: with this key somebody else was entered.
        """
        number = Identity.phone(phone)
        client_id = ClientId(id_for(by.id, "client", key=key) if key else self.new_id())
        draft = Client.meet(client_id, name=name, identities=[number], at=self.now())
        async with self.store.transaction() as work:
            if key and await _made_somebody_else(work, client_id, number):
                raise KeyReusedError
            return (await work.clients.obtain(draft))[0]

    async def describe(
        self,
        client: ClientId,
        *,
        name: str | None = None,
        notes: str | None = None,
        tags: Sequence[str] | None = None,
    ) -> Client:
        """Change what is given; any attendant may.

        Raises:
            ClientNotFoundError, InvalidError.
        """
        async with self.store.transaction() as work:
            it = await work.clients.load(client)
            described = it.describe(name=name, notes=notes, tags=tags, at=self.now())
            await work.save(described)
        return described.state


async def _made_somebody_else(work: UnitOfWork, id: ClientId, number: Identity) -> bool:
    """Whether a key's id is taken: the draft would be written over them."""
    await work.first_time(f"client:{id}")  # rivals with the same key wait here
    try:
        made = await work.clients.load(id)
    except ClientNotFoundError:
        return False
    return number.key not in {it.key for it in made.identities}
