"""Telling admins, wherever they are, what cannot wait until they look at a dashboard."""

from collections.abc import Sequence
from typing import Protocol

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.outage import Alert


class Alerts(Protocol):
    async def send(self, alert: Alert, to: Sequence[Attendant]) -> None:
        """Hand it over; what is said twice has the same id.

        Raises:
            UnavailableError: it is not certain that it arrived; try again later.
        """
        ...

    async def check(self) -> None:
        """See whether it would be taken, without telling anybody.

        Raises:
            UnavailableError: what is wrong, and what to do.
        """
        ...
