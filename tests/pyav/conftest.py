"""A way to have one file looked into, in this process."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from helpdesk.adapters.pyav.tasks import Answer, Task
from helpdesk.adapters.pyav.worker import work
from helpdesk.domain.file import Recognised
from helpdesk.domain.media import PHOTO_SIZE, Form

Look: TypeAlias = Callable[..., Answer]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """What a worker does, without its process: files that mean harm are not for this."""

    def look(
        content: bytes,
        recognised: Recognised,
        forms: frozenset[Form] = frozenset(Form),
        photo_size: int = PHOTO_SIZE,
    ) -> Answer:
        source = tmp_path / "original"
        source.write_bytes(content)
        return work(
            Task(
                source=str(source),
                recognised=recognised,
                into=str(tmp_path),
                forms=forms,
                photo_size=photo_size,
            )
        )

    return look
