"""A converter that makes what it is told to, of whatever it gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpdesk.adapters.memory.conversion import MemoryConversion
from helpdesk.domain.file import MediaKind, Recognised
from helpdesk.domain.media import PHOTO_SIZE, Facts, Form
from helpdesk.ports.conversion import Converted, Made


@dataclass
class Converter(MemoryConversion):
    """Makes a voice note of whatever it gets, of a film another; or fails as told."""

    trouble: Exception | None = None
    asked: frozenset[Form] = frozenset()
    photo_size: int = 0
    too_long: bool = False  # for a film to be made

    async def convert(
        self,
        original: Path,
        recognised: Recognised,
        *,
        into: Path,
        forms: frozenset[Form],
        photo_size: int = PHOTO_SIZE,
    ) -> Converted:
        self.asked, self.photo_size = forms, photo_size
        if self.trouble:
            raise self.trouble
        if recognised.kind is MediaKind.VIDEO:
            return self._film(recognised, into / "film", alone=forms == {Form.PLAYABLE})
        if recognised.kind is MediaKind.IMAGE and Form.PHOTO in forms:
            return self._picture(recognised, into / "photo", Form.PHOTO, "image/jpeg")
        if recognised.kind is MediaKind.STICKER and Form.STICKER in forms:
            return self._picture(recognised, into / "sticker", Form.STICKER, "image/webp")
        path = into / "made"
        path.write_bytes(b"as ogg: " + original.read_bytes())
        made: Mapping[Form, Made] = {Form.VOICE: Made(path=path, mime="audio/ogg")}
        return Converted(recognised=recognised, facts=Facts(duration=2.5), made=made)

    def _picture(self, recognised: Recognised, path: Path, form: Form, mime: str) -> Converted:
        path.write_bytes(b"small")
        made = {form: Made(path=path, mime=mime, width=40, height=30)}
        return Converted(recognised=recognised, facts=Facts(duration=2.5), made=made)

    def _film(self, recognised: Recognised, path: Path, *, alone: bool) -> Converted:
        if not alone:
            return Converted(recognised=recognised, later=frozenset({Form.PLAYABLE}))
        if self.too_long:
            return Converted(recognised=recognised, reason="too long to be converted")
        path.write_bytes(b"plays")
        made = {Form.PLAYABLE: Made(path=path, mime="video/mp4")}
        return Converted(recognised=recognised, made=made)
