"""What PostgreSQL refuses, in the domain's words; nothing of asyncpg's leaves the adapter."""

from collections.abc import Mapping
from types import MappingProxyType, TracebackType
from typing import Final

import asyncpg

from helpdesk.domain.attendance import AttendanceOpenError
from helpdesk.domain.attendant import EmailTakenError
from helpdesk.domain.errors import ConflictError, DomainError, InvalidError, UnavailableError
from helpdesk.domain.session import AccountTakenError

# Classes of SQLSTATE after which the same call may succeed later, once the server is well again.
_PASSING: Final = (
    OSError,  # nobody listens, or the socket is gone; TimeoutError is one as well
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shut down, starting up, cancelled
    asyncpg.InsufficientResourcesError,  # disk full, too many connections
    asyncpg.TransactionRollbackError,  # deadlock
    asyncpg.PostgresSystemError,  # reading or writing a file failed
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby, until it is promoted
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InternalServerError,
    asyncpg.InternalClientError,  # the connection broke in the middle of an answer
)
_UNSTORABLE: Final = (
    asyncpg.CharacterNotInRepertoireError,  # NUL
    asyncpg.UntranslatableCharacterError,
)
_TAKEN: Final[Mapping[str, DomainError]] = MappingProxyType(
    {
        "message_provider_id": ConflictError("A message with this provider's id is stored."),
        "client_identity_key": ConflictError("One of the addresses belongs to another client."),
        "sector_one_default": ConflictError("Another sector is the default."),
    }
)


class Translated:
    """Raises what happens inside as errors of the domain, or lets it pass when it is a bug."""

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None or isinstance(error, DomainError):
            return
        known = _translation(error)
        if known is not None:
            raise known from error


TRANSLATED: Final = Translated()


def _translation(error: BaseException) -> DomainError | None:
    if isinstance(error, _PASSING) or _is_closed(error):
        return UnavailableError("The database does not answer.")
    if isinstance(error, asyncpg.UniqueViolationError):
        return _refusal(str(error.constraint_name))
    if isinstance(error, _UNSTORABLE) or isinstance(error.__cause__, UnicodeEncodeError):
        return InvalidError("A text has no NUL and no lone surrogate.", field="text")
    return None


def _is_closed(error: BaseException) -> bool:
    # asyncpg has one class for calling a connection in a wrong way, for one that is closed, and
    # for one that its pool has taken back since because it was lost.
    said = str(error)
    lost = "clos" in said or "released back to the pool" in said
    return isinstance(error, asyncpg.InterfaceError) and lost


def _refusal(constraint: str) -> DomainError | None:
    if constraint == "attendance_one_open":
        return AttendanceOpenError()
    if constraint == "session_account":
        return AccountTakenError()
    if constraint == "attendant_email":
        return EmailTakenError()
    known = _TAKEN.get(constraint)
    return None if known is None else type(known)(known.detail)
