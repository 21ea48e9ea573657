"""Two numbers in one helpdesk, WhatsApp Web's by venom-bot and Meta's, at one dashboard.

Real are venom-bot, its Chromium and everything of ours; WhatsApp and Meta are stand-ins.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Locator, expect

from helpdesk.adapters.system.drawing import draw_qr
from helpdesk.adapters.whatsapp.venom.home import inhabitants
from tests.support import files
from tests.support.graph.phones import NUMBER
from tests.support.graph.server import SECRET, TOKEN
from tests.support.server import PASSWORD, Server, running
from tests.web.browsing import Visit
from tests.web.conftest import Visiting
from tests.web.files import choose, one_of_each
from tests.web.numbers import CODE, add_official, card, is_now, log_out
from tests.web.office import Colleague, Office, eventually
from tests.web.outside import CHAT, OUR_PHONE, Outside, outside

pytestmark = pytest.mark.slow

WEB: Final = "WhatsApp"  # the name of the first session
META: Final = "Sales"
CARD: Final = "BEGIN:VCARD\nVERSION:3.0\nFN:Bia\nTEL:+55 21 91234-5678\nEND:VCARD"


@pytest.fixture
def beyond(whatsapp_programs: None, tmp_path: Path) -> Iterator[Outside]:
    with outside(tmp_path) as it:
        yield it


@pytest.fixture
def own_server(beyond: Outside, tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "data", **beyond.settings) as it:
        beyond.graph.hook_url = f"{it.url}/webhooks/whatsapp/cloud"
        yield it


def test_two_numbers_of_different_bridges_serve_one_dashboard(
    beyond: Outside, own_server: Server, visiting: Visiting, admin: Colleague
) -> None:
    desk, office = visiting(admin, url=own_server.url), Office(own_server)
    desk.page.goto("/sessions")
    a_code_is_shown_renewed_and_scanned(desk, office, beyond)
    add_official(desk.page, META, NUMBER)
    is_now(card(desk.page, META), "connected")

    beyond.says("by the web")
    beyond.says_to_meta("by Meta")
    both = [conversation(office, it) for it in (WEB, META)]
    replies_leave_through_the_number_that_was_written_to(desk, beyond, *both)
    desk.open(both[0])
    every_kind_of_message_comes(desk, beyond)
    every_kind_of_message_goes(desk, beyond)
    a_drop_is_told_to_everybody_and_ends(desk, beyond)

    desk.page.goto("/sessions")
    log_out(card(desk.page, WEB), OUR_PHONE)
    is_now(card(desk.page, WEB), "qr")
    scanned(desk, beyond)
    beyond.says("still here")
    desk.open(both[0])
    expect(desk.message("still here")).to_be_visible()
    desk.write("so are we")
    expect(desk.tick("so are we")).to_have_attribute("data-delivery", "delivered")
    no_secret_is_told(own_server)


def conversation(office: Office, number: str) -> str:
    def look() -> str | None:
        found = (it["id"] for it in office.open_ones() if it["session"]["name"] == number)
        return next(found, None)

    return eventually(look, f"an attendance by {number}")


def no_secret_is_told(server: Server) -> None:
    """Neither to the sidecar and its Chromium, nor in the log, which names no client either."""
    [folder] = (server.data / "whatsapp").iterdir()
    told = []
    for it in inhabitants(folder):
        with suppress(OSError):  # it ended meanwhile
            told.append(Path(f"/proc/{it}/environ").read_bytes())
    secrets = (TOKEN, SECRET, PASSWORD)
    assert len(told) >= 2
    assert [it for it in secrets if it.encode() in b"".join(told)] == []
    assert [it for it in (*secrets, CHAT.partition("@")[0]) if it in server.logged()] == []


def a_code_is_shown_renewed_and_scanned(desk: Visit, office: Office, beyond: Outside) -> None:
    ours = card(desk.page, WEB)
    is_now(ours, "qr")
    # What the number risks is said first, and once.
    expect(desk.page.get_by_alt_text(CODE)).to_have_count(0)
    desk.button("Show the code").click()
    first = code_on(ours).get_attribute("src")
    expect(ours.get_by_text("Valid for")).to_be_visible()
    beyond.do(beyond.web.show_code())
    expect(code_on(ours)).not_to_have_attribute("src", first or "")
    eventually(lambda: shows_the_code(desk, office, beyond), "the code of WhatsApp's page")
    scanned(desk, beyond)
    for told in ("+55 11 3000-0000", "Connected", "for < 1 min", "Last seen"):
        expect(ours).to_contain_text(told)


def shows_the_code(desk: Visit, office: Office, beyond: Outside) -> bool:
    session = office.session()
    if session["qr"] is None:  # it expired: the machine is busy
        beyond.do(beyond.web.show_code())
    shown = desk.page.request.get(f"/v1/sessions/{session['id']}/qr")
    return bool(shown.ok and shown.body() == draw_qr(beyond.web.network.code))


def code_on(number: Locator) -> Locator:
    code = number.get_by_alt_text(CODE)
    expect(code).to_be_visible()
    return code


def scanned(desk: Visit, beyond: Outside) -> None:
    code_on(card(desk.page, WEB))
    beyond.do(beyond.web.scan())
    is_now(card(desk.page, WEB), "connected")
    expect(desk.page.get_by_alt_text(CODE)).to_have_count(0)


def replies_leave_through_the_number_that_was_written_to(
    desk: Visit, beyond: Outside, web: str, meta: str
) -> None:
    for attendance, name in ((web, WEB), (meta, META)):
        desk.open(attendance)
        expect(desk.page.locator("header [data-our-number]")).to_have_text(name)
        expect(desk.row("Ana").locator("[data-our-number]").filter(has_text=name)).to_be_visible()
        desk.write(f"through {name}")
        expect(desk.tick(f"through {name}")).to_have_attribute("data-delivery", "delivered")
    assert [it["body"] for it in beyond.hears(1)] == [f"through {WEB}"]
    assert beyond.hears_by_meta() == [(NUMBER, f"through {META}")]


def every_kind_of_message_comes(desk: Visit, beyond: Outside) -> None:
    image, film, song, letter = one_of_each()
    for kind, it in zip(("image", "video", "audio", "document"), one_of_each(), strict=True):
        beyond.gives(kind, it.mime, it.content, it.name)
    beyond.gives("ptt", "audio/ogg; codecs=opus", files.INLINE["audio/ogg"](), "voice.ogg")
    beyond.gives("sticker", "image/webp", files.picture("WEBP", size=(128, 128)), "hi.webp")
    beyond.tells(type="location", body="", lat=-23.56, lng=-46.65, loc="MASP\nPaulista")
    beyond.tells(type="vcard", body=CARD)
    came = desk.log.locator("[data-direction=inbound]")
    for shown in (film.shown, song.shown, letter.shown, "[data-audio=voice]"):
        expect(came.locator(shown)).to_have_count(1)
    expect(came.locator(image.shown)).to_have_count(2)  # the sticker is one as well
    expect(came.locator("[data-location]")).to_contain_text("MASP")
    expect(came.locator("[data-contact]")).to_contain_text("Bia")


def every_kind_of_message_goes(desk: Visit, beyond: Outside) -> None:
    before = len(beyond.hears(1))
    for n, given in enumerate(one_of_each()):
        choose(desk.page, given)
        desk.page.get_by_label("Files to send").wait_for()
        desk.button("Send").click()
        beyond.hears(before + n + 1)
    desk.button("Record a voice note").click()
    expect(desk.page.get_by_role("timer")).to_have_text(re.compile("0:0[1-9]"))
    desk.button("Send the voice note").click()
    *sent, voice = beyond.hears(before + 5)[before:]
    assert [it["type"] for it in sent] == ["image", "video", "audio", "document"]
    kept = beyond.web.network.files
    assert [kept[it["file"]] for it in sent] == [it.content for it in one_of_each()]
    assert (voice["type"], voice["mimetype"]) == ("ptt", "audio/mpeg")
    ours = desk.log.locator("[data-direction=reply]")
    expect(ours.locator("[data-delivery=delivered]")).to_have_count(before + 5)


def a_drop_is_told_to_everybody_and_ends(desk: Visit, beyond: Outside) -> None:
    banner = desk.page.get_by_role("alert").filter(has_text="Messages wait in the queue.")
    beyond.do(beyond.web.drop())
    expect(banner).to_contain_text(WEB)
    beyond.says("while you were away")
    desk.write("as soon as we are back")
    expect(desk.tick("as soon as we are back")).to_have_attribute("data-delivery", "queued")
    beyond.do(beyond.web.restore())
    expect(banner).to_have_count(0)
    expect(desk.message("while you were away")).to_be_visible()
    expect(desk.tick("as soon as we are back")).to_have_attribute("data-delivery", "delivered")
