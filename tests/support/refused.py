"""An answer of the API that is no success."""

from typing import Any


class RefusedError(Exception):
    """An answer other than 2xx."""

    def __init__(self, status: int, problem: dict[str, Any], retry_after: str | None) -> None:
        super().__init__(f"{status} {problem}")
        self.status = status
        self.problem = problem
        self.code: str = problem.get("code", "")
        self.retry_after = retry_after
