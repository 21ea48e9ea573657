"""Files in a browser: choosing them, and getting back what is shown."""

from dataclasses import dataclass
from hashlib import sha256

from playwright.sync_api import FilePayload, Page

from tests.support import files


@dataclass(frozen=True, slots=True)
class Given:
    """A file as somebody chooses it, and as what it must be shown."""

    name: str
    mime: str
    content: bytes
    shown: str  # of the element in which it is

    @property
    def payload(self) -> FilePayload:
        return FilePayload(name=self.name, mimeType=self.mime, buffer=self.content)

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()


def one_of_each() -> list[Given]:
    picture, film = files.photo(size=(900, 600)), files.film("mp4", "libx264", size=(320, 240))
    return [
        Given("beach.jpg", "image/jpeg", picture, "[data-picture]"),
        Given("clip.mp4", "video/mp4", film, "[data-film]"),
        Given("song.mp3", "audio/mpeg", files.INLINE["audio/mpeg"](), "[data-audio=audio]"),
        Given("letter.docx", "application/msword", files.office(), "[data-document]"),
    ]


def choose(page: Page, *given: Given, nth: int = 0) -> None:
    chooser = page.locator("input[type=file]").nth(nth)
    chooser.set_input_files([it.payload for it in given])


def digest_of(page: Page, address: str) -> str:
    """Of a file as this browser gets it."""
    return sha256(page.request.get(address).body()).hexdigest()
