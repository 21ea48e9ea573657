"""How files are dealt with here, as it is configured."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from helpdesk.domain.file import MediaKind
from helpdesk.domain.patience import Patience
from helpdesk.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    patience: Patience
    keep: Mapping[MediaKind, timedelta]  # no entry: for ever
    grace: timedelta  # for an upload to become a message
    scratch: Path

    @classmethod
    def of(cls, settings: Settings) -> "Filing":
        return cls(
            patience=settings.media.patience,
            keep=settings.retention.files,
            grace=timedelta(hours=settings.retention.upload_hours),
            scratch=settings.data_path / "scratch",
        )
