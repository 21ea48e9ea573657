"""The simulated network in PostgreSQL, for all processes.

What happens often is one statement; when that does nothing because something unusual is going on,
a transaction follows that holds the network, then the phone: always in this order.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from helpdesk.adapters.postgres.connection import Database
from helpdesk.adapters.postgres.rings import Rings
from helpdesk.adapters.postgres.simulator_account import Account
from helpdesk.adapters.postgres.simulator_phones import Phones
from helpdesk.adapters.postgres.simulator_rows import network_held, network_of, save_network
from helpdesk.domain.network import Network
from helpdesk.ports.simulator import NETWORK, NEWS, Topic
from helpdesk.ports.system import Bell


class PostgresSimulator:
    def __init__(self, database: Database, rings: Rings) -> None:
        self._database = database
        self._rings = rings
        self.phones = Phones(database, rings)
        self.account = Account(database, rings)

    async def network(self) -> Network:
        [row] = await self._database.fetch("SELECT * FROM simulator_network")
        return network_of(row)

    async def change(self, verb: Callable[[Network], Network]) -> Network:
        async with self._database.connection() as connection, connection.transaction():
            before = await network_held(connection)
            after = verb(before)
            if after != before:
                await save_network(connection, after)
        if after != before:
            self._rings.ring(NETWORK, NEWS)
        return after

    def bell(self, topic: Topic) -> AbstractAsyncContextManager[Bell]:
        return self._rings.listen(topic)
