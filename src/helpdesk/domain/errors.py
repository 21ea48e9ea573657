"""The five kinds of expected failure; a concrete error is defined beside the noun it is about.

Transports map the kinds only (HTTP 404, 409, 403, 422, 503); `code` is stable and public.
"""

from collections.abc import Mapping
from typing import ClassVar


class DomainError(Exception):
    """An outcome the domain foresees.

    `detail` is a sentence for a person; `extras` are members for a program (JSON values, ids as
    UUID, never a secret).
    """

    code: ClassVar[str] = "error"

    def __init__(self, detail: str = "", **extras: object) -> None:
        super().__init__(detail or self.__class__.__doc__ or self.code)
        self.extras: Mapping[str, object] = extras

    @property
    def detail(self) -> str:
        return str(self.args[0])


class NotFoundError(DomainError):
    """There is no such thing, or the actor may not know that there is."""

    code = "not_found"


class ConflictError(DomainError):
    """The state does not allow it now; somebody else was faster."""

    code = "conflict"


class ForbiddenError(DomainError):
    """The actor may not do this."""

    code = "forbidden"


class InvalidError(DomainError):
    """A value breaks a rule; `field` names it, the detail says how to mend it."""

    code = "invalid"

    def __init__(self, detail: str, *, field: str, **extras: object) -> None:
        super().__init__(detail, field=field, **extras)
        self.field = field


class UnavailableError(DomainError):
    """A neighbour does not answer; the same call may succeed later."""

    code = "unavailable"
