"use strict";
// What WhatsApp tells, once each: messages, acks, reactions, typing.
// Bounded: when the helpdesk does not take messages, later ones are left to WhatsApp and fetched.

const page = require("./page");
const { within } = require("./waiting");
const { log } = require("./wire");

const REMEMBERED = 10000; // ids
const WAITING = 500; // messages told and not acknowledged
const FETCH_LIMIT = 60000;
const TEXT_LIMIT = 65536; // characters; WhatsApp's own limit is lower, vCards may be larger
const NAME_LIMIT = 256;
const SAME_TYPING = 1000; // milliseconds within which it is the same news

const cut = (text, limit) => (typeof text === "string" ? text.slice(0, limit) : "");
const isClient = (id) => typeof id === "string" && /@(c\.us|lid)$/.test(id);

class Inbox {
  constructor(event) {
    this.event = event;
    this.known = new Map();
    this.acks = new Map();
    this.mine = new Map();
    this.reset({ since: Infinity, unreadSince: Infinity });
  }

  /** Begin anew; what is fetched are messages since a moment, and unread ones since another. */
  reset(about) {
    this.about = about;
    this.told = new Map();
    this.known.clear();
    this.acks.clear();
    this.left = false;
  }

  get remembered() {
    return this.known.size + this.acks.size;
  }

  get waiting() {
    return this.told.size;
  }

  listen(client, tab) {
    this.tab = tab;
    this.expectOlder();
    // Not `client.onAck` and its like: their tables grow for ever.
    const on = (name, take) =>
      client.listenerEmitter.on(name, (it) => {
        Promise.resolve(take.call(this, it)).catch((error) => log(name, String(error?.stack)));
      });
    on("onAnyMessage", this.live);
    on("onAck", this.ack);
    on("onMessageEdit", (it) => this.inTurn(() => this.edit(it)));
    on("onMessageDelete", (it) => this.inTurn(() => this.revoke(it)));
    on("onMessageReaction", (it) => this.inTurn(() => this.reaction(it)));
    on("onChatState", this.typing);
  }

  /** Whether this is the first time; the table forgets its oldest. */
  first(table, key, value = true) {
    if (table.get(key) === value) return false;
    table.delete(key);
    table.set(key, value);
    if (table.size > REMEMBERED) table.delete(table.keys().next().value);
    return true;
  }

  /** What comes from now on is younger than what was missed: it is fetched with that, in order. */
  expectOlder() {
    this.behind = true;
  }

  /** A message that just came: after those before it, and after older ones that are fetched. */
  live(it) {
    if (this.behind || this.fetching) {
      this.wanted = true;
      return undefined;
    }
    const about = this.about;
    return this.inTurn(() => this.message(it, about));
  }

  inTurn(tell) {
    this.turn = (this.turn ?? Promise.resolve())
      .then(tell)
      .catch((error) => log("not told", String(error?.stack ?? error)));
    return this.turn;
  }

  /** Remember what we send: what else comes from us is another device's. */
  sends(id) {
    this.first(this.mine, id);
  }

  /** Tell it, unless we began anew since: then it is fetched, after those before it. */
  async message(it, about) {
    if (about !== this.about) return;
    if (!it || it.isGroupMsg || !isClient(it.fromMe ? it.to : it.from)) return;
    if (it.fromMe && this.mine.has(it.id.split("_")[2])) return;
    if (this.told.size >= WAITING) {
      this.left = true;
      return;
    }
    if (!this.first(this.known, it.id)) return;
    const told = await this.described(it);
    if (about !== this.about) return;
    const seq = this.event("message", told);
    if (!it.fromMe) this.told.set(seq, it.t);
  }

  async described(it) {
    const chat = it.fromMe ? it.to : it.from;
    const card = /vcard/.test(it.type);
    const media = Boolean(it.mimetype);
    const told = {
      id: it.id,
      chat,
      from_me: Boolean(it.fromMe),
      name: cut(it.sender?.pushname || it.notifyName || it.sender?.formattedName, NAME_LIMIT),
      at: it.t,
      kind: it.type,
      text: cut(media ? it.caption : card ? cards(it) : it.body, TEXT_LIMIT),
    };
    if (media) {
      told.file = { mime: it.mimetype, size: it.size ?? 0, name: cut(it.filename, NAME_LIMIT) };
    }
    if (it.type === "location") told.place = { lat: it.lat, lng: it.lng, name: cut(it.loc, 1000) };
    if (it.quotedStanzaId) {
      const ours = it.quotedParticipant !== chat;
      told.quote = await this.ask(page.quoted, { chat, id: it.quotedStanzaId, ours });
    }
    if (chat.endsWith("@lid")) told.phone = await this.ask(page.phoneOf, chat);
    if (!it.fromMe) this.ask(page.listen, chat);
    return told;
  }

  ask(question, about) {
    return within(5000, this.tab.evaluate(question, about)).catch(() => null);
  }

  ack(it) {
    const id = it?.id?._serialized;
    if (!it?.id?.fromMe || !isClient(serialized(it.id.remote))) return;
    if (this.first(this.acks, id, it.ack)) this.event("ack", { id, ack: it.ack });
  }

  edit(it) {
    if (!it || it.fromMe || !isClient(it.from)) return;
    const text = cut(it.mimetype ? it.caption : it.body, TEXT_LIMIT);
    if (this.first(this.known, `edit ${it.id}`, text))
      this.event("edit", { id: it.id, chat: it.from, text, at: it.t });
  }

  revoke(it) {
    if (!it || it.fromMe || !isClient(it.from)) return;
    if (this.first(this.known, `revoke ${it.id}`))
      this.event("revoke", { id: it.id, chat: it.from });
  }

  reaction(it) {
    const key = it?.id;
    const chat = serialized(key?.remote);
    const message = serialized(it?.reactionParentKey);
    if (!message || key.fromMe || !isClient(chat)) return;
    const emoji = cut(it.reactionText, 64);
    if (this.first(this.known, `reaction ${message} ${chat}`, `${emoji} ${it.reactionTimestamp}`))
      this.event("reaction", { message, chat, emoji, at: it.reactionTimestamp });
  }

  typing(it) {
    const chat = serialized(it?.id);
    if (!isClient(chat)) return;
    const typing = /composing|typing|recording/.test(it.type);
    const [before, at] = this.known.get(`typing ${chat}`) ?? [];
    // The library may listen twice. Who goes on typing is told again, but not at once.
    if (before === typing && Date.now() - at < SAME_TYPING) return;
    this.first(this.known, `typing ${chat}`, [typing, Date.now()]);
    this.event("typing", { chat, typing });
  }

  /** True when messages were left to WhatsApp that now have to be fetched. */
  acknowledge(seq) {
    this.told.delete(seq);
    return this.left && this.told.size <= WAITING / 2;
  }

  /** Ask for what was not told; a fetch that is asked for meanwhile follows. */
  async fetch() {
    this.wanted = true;
    if (this.fetching) return;
    this.fetching = true;
    this.behind = false;
    try {
      while (this.wanted) {
        this.wanted = false;
        this.left = false;
        await this.fetchOnce();
      }
    } catch (error) {
      log("not fetched", String(error?.stack ?? error));
    } finally {
      this.fetching = false;
    }
  }

  async fetchOnce() {
    const about = this.about;
    const ids = await within(FETCH_LIMIT, this.tab.evaluate(page.missed, about));
    await this.turn;
    for (const id of ids.filter((it) => !this.known.has(it))) {
      if (this.left || about !== this.about) return;
      await this.message(await within(FETCH_LIMIT, this.tab.evaluate(page.described, id)), about);
    }
  }
}

const serialized = (id) => (typeof id === "string" ? id : id?._serialized);

function cards(it) {
  const several = it.vcardList?.map((card) => card.vcard ?? "").join("\n");
  return several || it.body;
}

module.exports = { Inbox };
