"""A push service, and what a browser shows of what it delivers."""

import json
from typing import Any, Final

from playwright.sync_api import Page

from tests.web.browsing import Visit, until
from tests.web.office import eventually

# A test reaches no push service, with which a browser would have to register.
SUBSCRIBE: Final = """
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async ({applicationServerKey, userVisibleOnly}) => {
  window.asked = {applicationServerKey, userVisibleOnly};
  const curve = {name: "ECDH", namedCurve: "P-256"};
  const pair = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
  const encode = (it) => btoa(String.fromCharCode(...new Uint8Array(it)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const keys = {
    p256dh: encode(await crypto.subtle.exportKey("raw", pair.publicKey)),
    auth: encode(crypto.getRandomValues(new Uint8Array(16))),
  };
  const endpoint = "https://fcm.googleapis.com/fcm/send/test";
  const p256dh = await crypto.subtle.exportKey("raw", pair.publicKey);
  const raw = {p256dh, auth: new ArrayBuffer(16)};
  return {endpoint, getKey: (it) => raw[it], toJSON: () => ({endpoint, keys})};
};
"""
SHOWN: Final = """async () => {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.getNotifications()).map((it) => [it.title, it.body, it.tag, it.lang]);
}"""


def push(desk: Visit, **pushed: object) -> None:
    """Be the push service."""
    cdp = desk.context.new_cdp_session(desk.page)
    known: list[Any] = []
    cdp.on("ServiceWorker.workerRegistrationUpdated", lambda it: known.extend(it["registrations"]))
    cdp.send("ServiceWorker.enable")
    until(desk.page, lambda: bool(known), "a service worker")
    registration = known[-1]["registrationId"]
    about = {"origin": desk.url, "registrationId": registration, "data": json.dumps(pushed)}
    cdp.send("ServiceWorker.deliverPushMessage", about)


def shown(page: Page, title: str) -> Any:
    """Wait for a notification with this title; return all: title, body, tag, language."""

    def look() -> Any:
        found = page.evaluate(SHOWN)
        return found if found and found[0][0] == title else None

    return eventually(look, f"a notification {title!r}")
