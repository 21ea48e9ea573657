"""How files are dealt with here: what is configured, and what the chosen bridge can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from helpdesk.domain.bridge import Capabilities
from helpdesk.domain.file import MediaKind, MediaLimits, VoiceFormat
from helpdesk.domain.patience import Patience
from helpdesk.settings import Settings

NO_FILES: Final = MediaLimits(image=0, sticker=0, audio=0, voice=0, video=0, document=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    patience: Patience
    keep: Mapping[MediaKind, timedelta]  # no entry: for ever
    grace: timedelta  # for an upload to become a message
    scratch: Path
    voice: VoiceFormat
    limits: MediaLimits

    @classmethod
    def of(cls, settings: Settings, capabilities: Capabilities) -> "Filing":
        return cls(
            patience=settings.media.patience,
            keep=settings.retention.files,
            grace=timedelta(hours=settings.retention.upload_hours),
            scratch=settings.data_path / "scratch",
            voice=capabilities.voice,
            limits=capabilities.media or NO_FILES,
        )
