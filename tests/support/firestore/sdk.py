"""Firebase's own library for browsers, whole and bare: for what the dashboard never does.

A page of modules as npm has them; `sdk` in it has what the library exports, and helpers that return
what became of an attempt: "done", or the library's code for the refusal.
"""

import json
from pathlib import Path
from typing import Final

from aiohttp import web

MODULES: Final = Path(__file__).parents[3] / "dashboard/node_modules"
_WHERE: Final = {
    "@firebase/app": "@firebase/app/dist/esm/index.esm.js",
    "@firebase/auth": "@firebase/auth/dist/esm/index.js",
    "@firebase/component": "@firebase/component/dist/esm/index.esm.js",
    "@firebase/firestore": "@firebase/firestore/dist/index.esm.js",
    "@firebase/logger": "@firebase/logger/dist/esm/index.esm.js",
    "@firebase/util": "@firebase/util/dist/index.esm.js",
    "@firebase/webchannel-wrapper/bloom-blob": (
        "@firebase/webchannel-wrapper/dist/bloom-blob/esm/bloom_blob_es2018.js"
    ),
    "@firebase/webchannel-wrapper/webchannel-blob": (
        "@firebase/webchannel-wrapper/dist/webchannel-blob/esm/webchannel_blob_es2018.js"
    ),
    "idb": "idb/build/index.js",
    "re2js": "re2js/build/index.js",
    "tslib": "tslib/tslib.es6.js",
}
_SCRIPT: Final = """
import { initializeApp } from "@firebase/app";
import * as auth from "@firebase/auth";
import * as store from "@firebase/firestore";

const tried = (work) => work.then(() => "done", (error) => error.code);
const event = (feed, id) => store.doc(sdk.place, "feeds", feed, "events", id);

globalThis.sdk = {
  async begin({ project, api_key, auth_url, firestore_url }, token) {
    const app = initializeApp({ projectId: project, apiKey: api_key });
    sdk.auth = auth.initializeAuth(app);
    auth.connectAuthEmulator(sdk.auth, auth_url, { disableWarnings: true });
    sdk.place = store.initializeFirestore(app, { host: new URL(firestore_url).host, ssl: false });
    await auth.signInWithCustomToken(sdk.auth, token);
  },
  /** Until the server answered; what happens to it later is in `ends`. */
  listen: (feed) => new Promise((resolve) => {
    const all = store.collection(sdk.place, "feeds", feed, "events");
    const heard = (found) => found.metadata.fromCache || resolve("done");
    sdk.ends[feed] = new Promise((end) => {
      const failed = ({ code }) => { resolve(code); end(code); };
      store.onSnapshot(all, { includeMetadataChanges: true }, heard, failed);
    });
  }),
  ends: {},
  add: (feed) => tried(store.setDoc(event(feed, "mine"), { cursor: 1 })),
  remove: (feed, id) => tried(store.deleteDoc(event(feed, id))),
  addElsewhere: () => tried(store.setDoc(store.doc(sdk.place, "people", "me"), { role: "admin" })),
  refresh: () => tried(sdk.auth.currentUser.getIdToken(true)),
};
"""


def mount(app: web.Application) -> None:
    """Serve the page at /sdk."""
    places = {name: f"/modules/{path}" for name, path in _WHERE.items()}
    modules = json.dumps({"imports": places})
    page = (
        f'<!doctype html><script type="importmap">{modules}</script>'
        f'<script type="module">{_SCRIPT}</script>'
    )

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html")

    app.router.add_get("/sdk", show)
    app.router.add_static("/modules", MODULES)
