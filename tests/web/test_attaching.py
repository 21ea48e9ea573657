"""Files on their way to a client: chosen, pasted, dropped, refused, cancelled, tried again."""

import re
from base64 import b64encode
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from tests.support import files
from tests.web.browsing import Visit
from tests.web.files import Given, choose, choose_large
from tests.web.office import Caller, eventually

# Makes files in the page and lets a paste or a drop bring them.
BRING = """
(target, [kind, given]) => {
  const carried = new DataTransfer();
  for (const [name, type, content] of given) {
    const bytes = Uint8Array.from(atob(content), (it) => it.charCodeAt(0));
    carried.items.add(new File([bytes], name, {type}));
  }
  const options = {bubbles: true, cancelable: true};
  if (kind === "paste") {
    target.dispatchEvent(new ClipboardEvent("paste", {...options, clipboardData: carried}));
  } else {
    for (const step of ["dragenter", "dragover", "drop"]) {
      target.dispatchEvent(new DragEvent(step, {...options, dataTransfer: carried}));
    }
  }
}
"""
PDF = Given("offer.pdf", "application/pdf", files.PDF, "[data-document]")


def _bring(target: Locator, how: str, *given: Given) -> None:
    carried = [[it.name, it.mime, b64encode(it.content).decode()] for it in given]
    target.evaluate(BRING, [how, carried])


def _picture(number: int) -> Given:
    content = files.picture("PNG", size=(60 + number, 40))
    return Given(f"picture-{number}.png", "image/png", content, "[data-picture]")


def _ready(desk: Visit, caller: Caller) -> Locator:
    caller.says("hello")
    desk.open(caller.attendance())
    return desk.page.get_by_label("Reply to the client")


def _sent(caller: Caller) -> list[dict[str, Any]]:
    return [it for it in caller.messages() if it["direction"] == "in"]


def test_pasted_pictures_and_a_dropped_document_are_sent_in_order(
    desk: Visit, caller: Caller
) -> None:
    box = _ready(desk, caller)
    _bring(box, "paste", *(_picture(it) for it in range(3)))
    _bring(desk.log, "drop", PDF)
    chosen = desk.page.locator("[data-attachment]")
    expect(chosen).to_have_count(4)
    expect(chosen.locator("img")).to_have_count(3)
    desk.page.get_by_label("Caption of picture-1.png").fill("the second one")
    desk.page.get_by_label("Caption of offer.pdf").fill("our offer")
    desk.page.get_by_label("Caption of offer.pdf").press("Enter")
    expect(chosen).to_have_count(0)
    expect(desk.log.locator("[data-direction=reply]")).to_have_count(4)
    expect(desk.log.locator("[data-upload]")).to_have_count(0)
    desk.log.get_by_text("our offer").wait_for()
    caller.hears("our offer")
    names = [it["media"]["name"] for it in _sent(caller)]
    assert names == ["picture-0.png", "picture-1.png", "picture-2.png", "offer.pdf"]
    assert [it["text"] for it in _sent(caller)] == ["", "the second one", "", "our offer"]


def test_the_text_beside_a_single_file_is_its_caption(desk: Visit, caller: Caller) -> None:
    box = _ready(desk, caller)
    choose(desk.page, _picture(1))
    box.fill("look")
    box.press("Enter")
    heard = caller.hears("look")
    assert (heard["kind"], len(_sent(caller))) == ("image", 1)
    expect(box).to_have_value("")


def test_what_whatsapp_would_not_take_is_told_before_it_is_sent(
    desk: Visit, caller: Caller, tmp_path: Path
) -> None:
    _ready(desk, caller)
    nothing = Given("empty.txt", "text/plain", b"", "")
    large = Given("large.png", "image/png", bytes(33 * 1024 * 1024), "")
    choose_large(desk.page, tmp_path, nothing, large)
    rows = desk.page.locator("[data-attachment]")
    expect(rows.first.get_by_role("alert")).to_have_text("The file is empty.")
    # Too large to be made a photo: it goes as a document.
    expect(rows.last).to_have_attribute("data-attachment", "document")
    desk.page.get_by_role("button", name="Remove large.png").click()
    expect(rows).to_have_count(1)
    expect(desk.button("Send")).to_be_disabled()
    assert _sent(caller) == []


def test_a_recording_of_the_screen_plays_on_the_phone_and_a_picture_goes_as_a_document(
    desk: Visit, caller: Caller, phone: Page
) -> None:
    _ready(desk, caller)
    content = files.film("webm", "libvpx", size=(320, 240), heard="libopus")
    screen = Given("screen.webm", "video/webm", content, "[data-film]")
    label = Given("label.webp", "image/webp", files.picture("WEBP", mode="RGBA"), "[data-picture]")
    choose(desk.page, screen, _picture(1), PDF, label)
    rows = desk.page.locator("[data-attachment]")
    switch = desk.page.get_by_role("button", name="Send picture-1.png as a document")
    switch.click()
    expect(rows.nth(1)).to_have_attribute("data-attachment", "document")
    switch.click()
    expect(rows.nth(1)).to_have_attribute("data-attachment", "image")
    switch.click()
    expect(rows.nth(2).get_by_role("button")).to_have_count(1)  # a document is one anyway
    desk.button("Send").click()
    eventually(lambda: len(_sent(caller)) == 4, "four files on the phone")
    film, picture, _, photo = _sent(caller)
    assert [it["kind"] for it in _sent(caller)] == ["video", "document", "document", "image"]
    assert (photo["media"]["name"], photo["media"]["mime"]) == ("label.jpg", "image/jpeg")
    assert picture["media"]["sha256"] == _picture(1).digest
    assert (film["media"]["name"], film["media"]["mime"]) == ("screen.mp4", "video/mp4")
    expect(desk.log.locator("[data-film]")).to_have_attribute("src", re.compile("/playable$"))
    shown = phone.locator("[data-direction=in] [data-film]")
    shown.evaluate("it => it.play()")
    eventually(lambda: shown.evaluate("it => it.currentTime > 0.1"), "the film plays")


def test_stickers_go_as_whatsapp_takes_them(desk: Visit, caller: Caller, phone: Page) -> None:
    _ready(desk, caller)
    fitting = files.picture("WEBP", size=(512, 512), mode="RGBA")
    chosen = (
        Given("hi.webp", "image/webp", fitting, "[data-picture]"),
        _picture(1),
        Given("dance.gif", "image/gif", files.picture("GIF"), ""),
    )
    desk.button("Send something else").click()
    with desk.page.expect_file_chooser() as opened:
        desk.page.get_by_role("menuitem", name="Sticker").click()
    opened.value.set_files([it.payload for it in chosen])
    rows = desk.page.locator("[data-attachment=sticker]")
    expect(rows).to_have_count(3)
    expect(rows.last.get_by_role("alert")).to_contain_text("WebP, PNG or JPEG")
    desk.page.get_by_role("button", name="Remove dance.gif").click()
    desk.button("Send").click()
    eventually(lambda: len(_sent(caller)) == 2, "two stickers on the phone")
    assert [it["kind"] for it in _sent(caller)] == ["sticker", "sticker"]
    as_it_was, made = (it["media"] for it in _sent(caller))
    assert as_it_was["sha256"] == chosen[0].digest
    assert (made["name"], made["mime"]) == ("picture-1.webp", "image/webp")
    assert (made["width"], made["height"]) == (512, 512)
    for page in (desk.page, phone):
        _must_show(page, 2, "img[data-picture]")


def _must_show(page: Page, count: int, what: str = "[data-picture] img") -> None:
    pictures = page.locator(what)
    expect(pictures).to_have_count(count)
    natural = "all => all.every((it) => it.complete && it.naturalWidth > 0)"
    eventually(lambda: pictures.evaluate_all(natural), "all are shown")


def test_an_iphone_s_photo_and_one_too_large_arrive_as_photos(
    desk: Visit, caller: Caller, phone: Page, tmp_path: Path
) -> None:
    _ready(desk, caller)
    heic = Given("IMG_0001.HEIC", "", files.INLINE["image/heic"](), "[data-picture]")
    large = Given("beach.jpg", "image/jpeg", files.noise(2400, 2000), "[data-picture]")
    assert len(large.content) > 5 * 1024**2
    choose(desk.page, heic)
    choose_large(desk.page, tmp_path, large)
    expect(desk.page.locator("[data-attachment=image]")).to_have_count(2)
    desk.button("Send").click()
    eventually(lambda: len(_sent(caller)) == 2, "two photos on the phone")
    photo, beach = (it["media"] for it in _sent(caller))
    assert (photo["kind"], photo["name"], photo["mime"]) == ("image", "IMG_0001.jpg", "image/jpeg")
    assert (beach["kind"], beach["name"]) == ("image", "beach.jpg")
    assert beach["size"] <= 5 * 1024**2
    _must_show(phone, 2)
    _must_show(desk.page, 2)
    desk.log.locator("[data-picture]").first.click()
    full = desk.page.get_by_role("dialog").locator("img")
    expect(full).to_have_attribute("src", re.compile("/photo$"))
    eventually(lambda: full.evaluate("it => it.naturalWidth") == 120, "it is shown in full")


def test_an_upload_shows_its_progress_and_can_be_cancelled(desk: Visit, caller: Caller) -> None:
    _ready(desk, caller)
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    desk.page.route("**/media", hold_the_first)
    desk.watch.mean("ERR_FAILED")
    choose(desk.page, PDF, _picture(1))
    desk.button("Send").click()
    first = desk.log.locator("[data-upload]").first
    expect(first).to_have_attribute("data-upload", "sending")
    expect(first.get_by_role("progressbar", name="Upload of offer.pdf")).to_be_visible()
    first.get_by_role("button", name="Cancel the upload of offer.pdf").click()
    expect(desk.log.locator("[data-direction=reply]")).to_have_count(1)
    expect(desk.log.locator("[data-upload]")).to_have_count(0)
    [only] = eventually(lambda: _sent(caller), "the picture on the phone")
    assert only["kind"] == "image"


def test_a_refused_upload_is_sent_once_by_trying_again(desk: Visit, caller: Caller) -> None:
    _ready(desk, caller)
    desk.watch.mean("502")
    desk.page.route("**/media", lambda route: route.fulfill(status=502, body="<h1>no</h1>"))
    choose(desk.page, PDF)
    desk.button("Send").click()
    failed = desk.log.locator("[data-upload=failed]")
    expect(failed).to_be_visible()
    desk.page.unroute("**/media")
    failed.get_by_role("button", name="Try again").click()
    expect(desk.log.locator("[data-direction=reply] [data-document]")).to_be_visible()
    expect(desk.log.locator("[data-upload]")).to_have_count(0)
    assert len(eventually(lambda: _sent(caller), "the document on the phone")) == 1
