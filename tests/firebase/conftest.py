"""Firestore and Google's sign-in, on loopback."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.firestore.firm import Elsewhere, elsewhere


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Elsewhere]:
    async with elsewhere(tmp_path) as it:
        yield it
