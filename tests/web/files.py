"""Files in a browser: choosing them, and getting back what is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from tests.support import files
from tests.web.browsing import Visit
from tests.web.office import Caller


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


def choose_large(page: Page, folder: Path, *given: Given) -> None:
    """As from a disk: on its way through Playwright each megabyte takes seconds."""
    for it in given:
        (folder / it.name).write_bytes(it.content)
    chooser = page.locator("input[type=file]").first
    chooser.set_input_files([folder / it.name for it in given])


def digest_of(page: Page, address: str) -> str:
    """Of a file as this browser gets it."""
    return sha256(page.request.get(address).body()).hexdigest()


def there_and_back(phone: Page, desk: Visit, given: Iterable[Given]) -> None:
    """Send each from the phone to the open attendance, and from there to the phone."""
    for it in given:
        choose(phone, it)
        sent = phone.locator("[data-direction=out]").locator(it.shown)
        expect(sent).to_be_visible()
        came = desk.log.locator("[data-direction=inbound]").locator(it.shown)
        expect(came).to_have_count(1)

        choose(desk.page, it)
        desk.page.get_by_label("Files to send").wait_for()
        desk.button("Send").click()
        back = phone.locator("[data-direction=in]").locator(it.shown)
        expect(back).to_have_count(1)


def digests(desk: Visit, caller: Caller, given: Given) -> set[str]:
    """Of the originals as the dashboard gets them, in both directions."""
    items = caller.office.ask("GET", f"/v1/attendances/{caller.attendance()}/messages")["items"]
    media = [it["media"] for it in items if it["media"] and it["media"]["name"] == given.name]
    assert len(media) == 2
    return {digest_of(desk.page, f"/v1/media/{it['id']}") for it in media}
