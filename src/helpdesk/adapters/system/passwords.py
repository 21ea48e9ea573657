"""Passwords, hashed with argon2id.

Each hashing needs 64 MiB while it runs, so few run at once: what waits costs nothing.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY


class Argon2Passwords:
    """Hash and verify in threads of their own; `ports.system.Passwords`."""

    def __init__(self, *, at_once: int = 1, parameters: Parameters = RFC_9106_LOW_MEMORY) -> None:
        self._executor = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="argon2")
        self._hasher = PasswordHasher.from_parameters(parameters)

    async def hash(self, password: str) -> str:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self._hasher.hash, password)

    async def verify(self, hashed: str, password: str) -> bool:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self._verify, hashed, password)

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, ValueError):  # ValueError: no hash, or no text at all
            return False
