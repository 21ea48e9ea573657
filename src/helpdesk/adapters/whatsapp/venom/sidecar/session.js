"use strict";
// The life of one session: Chromium with venom-bot is started, watched, and started again.

const fs = require("node:fs");
const path = require("node:path");
const { Inbox } = require("./inbox");
const outbox = require("./outbox");
const page = require("./page");
const { create } = require("./tame");
const { within, sleep } = require("./waiting");
const { Refusal, log } = require("./wire");

const FIRST_PAUSE = 1000; // milliseconds, doubled with each failure, with jitter
const LONGEST_PAUSE = 60000;
const LOADING_LIMIT = 120000; // for a page that shows neither a code nor chats
const DROPPED_LIMIT = 300000; // WhatsApp reconnects by itself; after this it is started again
const CODE_LIMIT = 150000; // a code older than this is shown no more by a phone's camera
const LOOK_LIMIT = 10000;

const BANNED = ["TOS_BLOCK", "SMB_TOS_BLOCK"];
const UNLINKED = ["UNPAIRED", "UNPAIRED_IDLE"];
const HOPELESS = ["PROXYBLOCK", "DEPRECATED_VERSION"];
const TAKEN = ["CONFLICT", "UNLAUNCHED"];

class Session {
  constructor(event) {
    this.event = event;
    this.told = null;
    this.qr = null;
    this.failures = 0; // of starting, in a row
    this.silent = 0; // looks in a row that the page did not answer
    this.inbox = new Inbox(event);
  }

  /** Begin, or tell anew what there is to tell. */
  async start(options) {
    this.options = options;
    this.inbox.reset({ since: options.since, unreadSince: options.unread_since });
    if (!this.living) {
      this.living = this.live();
    } else {
      if (!this.qr) this.event("state", this.told);
      if (this.qr) this.event("qr", this.qr);
      if (this.connected) this.inbox.fetch();
    }
  }

  get connected() {
    return this.told?.state === "connected";
  }

  say(state, reason = "", more = {}) {
    if (state === this.told?.state && reason === this.told.reason) return;
    if (state !== "qr") this.qr = null;
    this.told = { state, reason, ...more };
    // The state `qr` is told by its code.
    if (state !== "qr") this.event("state", this.told);
  }

  async live() {
    this.say("starting");
    while (!this.ended) {
      const { state, reason, again } = await this.once();
      if (this.ended) return;
      this.say(state, reason);
      if (again) continue;
      this.failures += 1;
      const pause = Math.min(FIRST_PAUSE * 2 ** (this.failures - 1), LONGEST_PAUSE);
      await sleep(pause * (0.5 + Math.random() / 2));
    }
  }

  /** One life of a browser; resolves with why it ended. */
  async once() {
    this.since = Date.now();
    this.stage = "";
    let end;
    const doubt = new Promise((resolve) => (end = resolve));
    this.doubt = (state, reason, again = false) => end({ state, reason, again });
    const watch = setInterval(() => this.look(), this.options.watch_ms);
    try {
      return await Promise.race([doubt, this.open().then(() => doubt)]);
    } catch (error) {
      log("not opened", `${this.stage}: ${String(error?.stack ?? error)}`);
      return { state: "disconnected", reason: reasonOf(this.stage), again: false };
    } finally {
      clearInterval(watch);
      await this.close();
      if (this.forgotten) this.forget();
    }
  }

  async open() {
    const { profile, executable, sandbox, chromium_arguments: chromiumArguments } = this.options;
    // venom-bot goes on calling for a session that was unlinked or closed.
    const life = this.doubt;
    const opening = () => this.doubt === life && !this.client;
    // Left by a Chromium that was killed; the profile is ours alone, our parent holds its lock.
    for (const it of ["Lock", "Cookie", "Socket"]) {
      fs.rmSync(path.join(profile, `Singleton${it}`), { force: true });
    }
    const client = await create(
      {
        session: path.basename(profile),
        folderNameToken: path.basename(path.dirname(profile)),
        mkdirFolderToken: path.dirname(path.dirname(profile)),
        headless: "new",
        browserPathExecutable: executable,
        logQR: false,
        disableSpins: true,
        disableWelcome: true,
        updatesLog: false,
        autoClose: 0, // else Chromium is closed two minutes after the first code
        catchQR: (_image, _ascii, attempt, text) => opening() && this.code(text, attempt),
        statusFind: (stage) => opening() && this.reached(stage),
        browserInstance: (...parts) => this.hold(...parts),
      },
      { sandbox, chromiumArguments },
    );
    await this.ready(client);
  }

  hold(browser, tab, client) {
    this.browser = browser;
    this.tab = tab;
    browser.on("disconnected", () => this.doubt("disconnected", "Chromium ended"));
    // venom-bot injects its library up to three times, each time with listeners of its own.
    const inject = client.initService.bind(client);
    let injected;
    tab.on("load", () => (injected = undefined));
    client.initService = () => (injected ??= inject());
  }

  code(text, attempt) {
    if (!text || text === this.qr?.text) return;
    this.say("qr");
    this.qr = { text, attempt };
    this.since = Date.now();
    this.event("qr", this.qr);
  }

  reached(stage) {
    this.stage = stage;
    if (stage === "qrReadSuccess") {
      this.since = Date.now();
      this.say("starting", "linked; loading the chats");
    }
  }

  async ready(client) {
    const tab = this.tab;
    await tab.waitForFunction(page.loaded, { timeout: LOADING_LIMIT });
    await tab.evaluate(page.prepare);
    await tab.evaluate(`window.helpdeskFind = ${page.find}`);
    this.inbox.listen(client, tab);
    // The first time venom-bot did this its own objects were not there yet: acks stayed unheard.
    await client.initialize();
    tab.on("load", () => this.doubt("disconnected", "WhatsApp's page was loaded again"));
    client.listenerEmitter.on("onStateChange", () => this.look());
    this.client = client;
    this.failures = 0;
    const us = await tab.evaluate(page.me);
    this.inbox.us = us;
    this.say("connected", "", { us });
    await this.inbox.fetch();
  }

  /** Compare the page with what was told. */
  async look() {
    if (!this.tab || this.looking) return;
    this.looking = true;
    try {
      const seen = await within(LOOK_LIMIT, this.tab.evaluate(page.look));
      this.silent = 0;
      if (this.client) this.judge(seen);
      else this.judgeOpening(seen);
    } catch (error) {
      // Once is no sign: a page that is being left does not answer either.
      log("page does not answer", String(error));
      this.silent += 1;
      if (this.silent > 1) this.doubt("disconnected", "WhatsApp's page did not answer");
    } finally {
      this.looking = false;
    }
  }

  judge({ qr, socket }) {
    const again = true;
    if (qr || UNLINKED.includes(socket)) this.doubt("logged_out", "unlinked on the phone", again);
    else if (BANNED.includes(socket)) this.say("banned", `WhatsApp says ${socket}`);
    else if (HOPELESS.includes(socket)) this.say("failed", `WhatsApp says ${socket}`);
    else if (socket === "CONNECTED") this.returned();
    else this.dropped(socket);
  }

  returned() {
    if (this.connected) return;
    this.say("connected", "", { us: this.inbox.us });
    this.inbox.fetch();
  }

  dropped(socket) {
    if (this.told.state !== "disconnected") this.since = Date.now();
    this.inbox.expectOlder();
    this.say("disconnected", `WhatsApp says ${socket}`);
    if (TAKEN.includes(socket)) within(LOOK_LIMIT, this.client.useHere()).catch(() => {});
    if (Date.now() - this.since > DROPPED_LIMIT) this.doubt("disconnected", "no way to WhatsApp");
  }

  judgeOpening({ qr, chats, passkey }) {
    if (passkey && !qr) this.say("passkey_required", "confirm the new device with a passkey");
    const age = Date.now() - this.since;
    if (this.told.state === "qr" && age > CODE_LIMIT) this.doubt("starting", "", true);
    else if (!qr && !chats && !passkey && age > LOADING_LIMIT)
      this.doubt("disconnected", "WhatsApp's page did not load");
  }

  async close() {
    const browser = this.browser;
    this.client = this.tab = this.browser = undefined;
    if (!browser) return;
    browser.removeAllListeners("disconnected");
    const process = browser.process();
    await within(5000, browser.close()).catch(() => process?.kill("SIGKILL"));
  }

  async end() {
    this.ended = true;
    this.doubt?.("stopped", "");
    await this.close();
  }

  /** Unlink and delete the credentials; a new code follows. */
  async logout() {
    if (this.connected) {
      const told = within(LOOK_LIMIT, this.client.logout());
      await told.catch((error) => log("not unlinked", String(error)));
    }
    const forgotten = new Promise((resolve) => (this.forgotten = resolve));
    this.doubt?.("logged_out", "logged out by the helpdesk", true);
    if (!this.browser) this.forget();
    await within(LOOK_LIMIT, forgotten);
  }

  forget() {
    fs.rmSync(this.options.profile, { recursive: true, force: true, maxRetries: 5 });
    this.forgotten();
    this.forgotten = undefined;
  }

  acknowledge({ seq }) {
    if (this.inbox.acknowledge(seq) && this.connected) this.inbox.fetch();
  }

  send = (params) => {
    const tab = this.linked();
    this.inbox.sends(params.id);
    return outbox.send(tab, params, this.options.send_ms);
  };
  media = (params) => outbox.media(this.linked(), params, this.options);
  exists = async ({ chat }) => ({ exists: await this.do(page.exists, chat) });
  react = async (params) => outbox.done(await this.do(page.react, params));
  revoke = async (params) => outbox.done(await this.do(page.revoke, params));
  markRead = async ({ chat }) => void (await this.do(page.markRead, chat));
  typing = async ({ chat }) => void (await this.do(page.typing, chat));

  linked() {
    if (!this.connected) throw new Refusal("not_connected", this.told?.state);
    return this.tab;
  }

  async do(action, params) {
    return within(LOOK_LIMIT, this.linked().evaluate(action, params));
  }

  figures() {
    return { state: this.told?.state, remembered: this.inbox.remembered, waiting: this.inbox.waiting };
  }
}

function reasonOf(stage) {
  const known = {
    noOpenBrowser: "Chromium could not be started",
    erroPageWhatsapp: "web.whatsapp.com could not be reached",
    phoneNotConnected: "the phone is not connected",
    qrReadFail: "the code was not read",
  };
  return known[stage] ?? `WhatsApp Web was not reached (${stage || "start"})`;
}

module.exports = { Session };
