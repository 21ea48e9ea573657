"""Which session has which number, read from the directory and remembered for a moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from helpdesk.domain.ids import SessionId
from helpdesk.domain.session import Session
from helpdesk.ports.directory import Directory

BRIDGE: Final = "whatsapp.cloud"
FRESH_FOR: Final = 2.0  # seconds; a new session is heard after that


@dataclass(frozen=True, slots=True)
class KnownNumbers:
    """`otherwise` is the number of a session that has none of its own."""

    sessions: Mapping[str, SessionId]
    accounts: Mapping[str, tuple[SessionId, ...]]

    @classmethod
    def of(cls, sessions: list[Session], *, otherwise: str, account: str) -> "KnownNumbers":
        ours = [it for it in sessions if it.bridge == BRIDGE]
        numbers = {it.account or otherwise: it.id for it in reversed(ours)}
        return cls(numbers, {account: tuple(it.id for it in ours)} if account else {})

    def of_number(self, id: str) -> SessionId | None:
        return self.sessions.get(id) if id else None

    def of_account(self, id: str) -> tuple[SessionId, ...]:
        return self.accounts.get(id, ())


class Numbers:
    """Call it for what is known now."""

    def __init__(
        self, directory: Directory, clock: Callable[[], float], *, otherwise: str, account: str
    ) -> None:
        self._directory = directory
        self._clock = clock
        self._otherwise = otherwise
        self._account = account
        self._known = KnownNumbers({}, {})
        self._until = float("-inf")

    async def __call__(self) -> KnownNumbers:
        """Raises UnavailableError when nobody can say."""
        if self._clock() >= self._until:
            sessions = await self._directory.sessions()
            self._known = KnownNumbers.of(
                sessions, otherwise=self._otherwise, account=self._account
            )
            self._until = self._clock() + FRESH_FOR
        return self._known
