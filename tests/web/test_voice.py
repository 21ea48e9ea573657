"""Voice notes: recorded in a browser, heard on a phone, and the other way round."""

import re

from playwright.sync_api import Page, expect

from tests.web.browsing import Visit
from tests.web.conftest import Visiting
from tests.web.office import Caller, Colleague, eventually

REFUSED = """() => {
navigator.mediaDevices.getUserMedia = () =>
  Promise.reject(new DOMException("refused", "NotAllowedError"));
}"""


def _record(desk: Visit, seconds: int = 1) -> None:
    desk.button("Record a voice note").click()
    timer = desk.page.get_by_role("timer")
    expect(timer).to_have_text(re.compile(f"0:(0[{seconds}-9]|[1-5][0-9])"))


def test_a_recorded_voice_note_is_one_for_whatsapp_and_plays(
    phone: Page, desk: Visit, caller: Caller
) -> None:
    caller.says("hello")
    desk.open(caller.attendance())
    _record(desk, seconds=2)
    desk.button("Send the voice note").click()
    bubble = phone.locator("[data-direction=in] [data-audio=voice]")
    expect(bubble).to_be_visible()
    [voice] = [it for it in caller.messages() if it["kind"] == "voice"]
    assert voice["media"]["mime"] == "audio/ogg"
    content = phone.request.get(f"/simulator/phones/{caller.phone}/media/{voice['id']}").body()
    assert content[28:36] == b"OpusHead"
    assert content[37] == 1  # RFC 7845, 5.1: channels

    _plays(phone, bubble_of=phone)
    # The desk plays its own: with the waveform that the server saw.
    own = desk.log.locator("[data-direction=reply] [data-audio=voice]")
    own.get_by_role("button", name="Play").click()
    expect(own).to_have_attribute("data-playing", "true")


def _plays(page: Page, *, bubble_of: Page) -> None:
    bubble = bubble_of.locator("[data-audio=voice]").first
    bubble.get_by_role("button", name="Play").click()
    expect(bubble).to_have_attribute("data-playing", "true")
    slider = bubble.get_by_role("slider", name="Position")
    eventually(lambda: float(slider.input_value()) > 0.2, "time goes by")


def test_a_recording_is_paused_heard_and_cancelled(desk: Visit, caller: Caller) -> None:
    caller.says("hello")
    desk.open(caller.attendance())
    _record(desk)
    desk.button("Pause the recording").click()
    paused = desk.page.get_by_role("timer").inner_text()
    desk.page.wait_for_timeout(300)
    assert desk.page.get_by_role("timer").inner_text() == paused
    desk.button("Go on recording").click()
    desk.button("Stop, to listen first").click()
    desk.button("Listen").click()
    expect(desk.button("Pause")).to_be_visible()
    desk.page.keyboard.press("Escape")
    box = desk.page.get_by_label("Reply to the client")
    expect(box).to_be_focused()
    assert [it["kind"] for it in caller.messages()] == ["text"]


def test_a_blocked_microphone_is_explained(
    visiting: Visiting, admin: Colleague, caller: Caller
) -> None:
    caller.says("hello")
    desk = visiting(admin)
    desk.open(caller.attendance())
    desk.page.evaluate(REFUSED)
    desk.button("Record a voice note").click()
    expect(desk.page.get_by_role("alert")).to_contain_text("The microphone is blocked")
    desk.button("Dismiss").click()
    expect(desk.page.get_by_label("Reply to the client")).to_be_visible()


def test_the_next_voice_note_plays_on_faster_and_where_one_left_off(
    phone: Page, desk: Visit, caller: Caller
) -> None:
    for _ in range(2):
        phone.get_by_role("button", name="Record a voice note").click()
        expect(phone.get_by_role("timer")).to_have_text(re.compile("0:(0[1-9]|[1-5][0-9])"))
        phone.get_by_role("button", name="Send the voice note").click()
        expect(phone.get_by_role("timer")).to_have_count(0)
    eventually(lambda: len(caller.messages()) == 2, "two voice notes")
    desk.open(caller.attendance())
    first, second = (desk.log.locator("[data-audio=voice]").nth(it) for it in (0, 1))
    # Chromium's recordings do not say how long they are; conversion finds out.
    expect(first).to_contain_text(re.compile(r"0:0[1-9]"))
    for rate in ("1.5", "2"):
        first.get_by_role("button", name="Speed").click()
        expect(first.get_by_role("button", name="Speed")).to_have_text(f"{rate}×")
    slider = first.get_by_role("slider", name="Position")
    slider.focus()
    slider.press("ArrowRight")
    first.get_by_role("button", name="Play").click()
    expect(second).to_have_attribute("data-playing", "true")
    expect(first).not_to_have_attribute("data-playing", "true")


def test_a_voice_note_whose_connection_broke_is_loaded_again(
    phone: Page, desk: Visit, caller: Caller
) -> None:
    phone.get_by_role("button", name="Record a voice note").click()
    expect(phone.get_by_role("timer")).to_have_text(re.compile("0:(0[1-9]|[1-5][0-9])"))
    phone.get_by_role("button", name="Send the voice note").click()
    desk.open(caller.attendance())
    note = desk.log.locator("[data-audio=voice]")
    expect(note).to_contain_text(re.compile(r"0:0[1-9]"))
    desk.page.evaluate("""() => {
      const its = HTMLMediaElement.prototype, play = its.play;
      its.play = function () {
        this.addEventListener("ended", () => { window.heard = true; });
        return play.call(this);
      };
    }""")
    note.get_by_role("button", name="Play").click()
    eventually(lambda: desk.page.evaluate("window.heard"), "it was heard to its end")
    # As Chromium says it when the rest is refused, until it is loaded anew.
    desk.page.evaluate("""() => {
      window.loads = 0;
      const its = HTMLMediaElement.prototype, load = its.load;
      const error = Object.getOwnPropertyDescriptor(its, "error");
      Object.defineProperty(its, "error", {get: () => ({code: 2}), configurable: true});
      its.load = function () {
        window.loads += 1;
        Object.defineProperty(its, "error", error);
        load.call(this);
      };
    }""")
    note.get_by_role("button", name="Play").click()
    eventually(lambda: desk.page.evaluate("window.loads") == 1, "it is loaded again")
    expect(note).to_have_attribute("data-playing", "true")
