"use strict";
// As much of WhatsApp Web's models as venom-bot looks at.

class Wid {
  constructor(id) {
    this._serialized = typeof id === "string" ? id : id._serialized;
    [this.user, this.server] = this._serialized.split("@");
  }
  isUser() {
    return this.server !== "g.us";
  }
  isServer() {
    return false;
  }
  toString() {
    return this._serialized;
  }
}

class MsgKey {
  constructor(it) {
    if (!it) throw new Error("MsgKey error: obj is null/undefined");
    this.fromMe = it.fromMe;
    this.remote = it.remote;
    this.id = it.id;
    this._serialized = `${it.fromMe}_${it.remote}_${it.id}`;
  }
}

class Emitter {
  listeners = [];
  on(names, hear) {
    this.listeners.push([names.split(" "), hear]);
    return hear;
  }
  trigger(name, it) {
    for (const [names, hear] of this.listeners) if (names.includes(name)) hear(it);
  }
  set(key, value) {
    this[key] = value;
    this.trigger(`change:${key}`, value);
  }
}

class Collection extends Emitter {
  _models = [];
  get(id) {
    return this._models.find((it) => it.id._serialized === String(id._serialized ?? id));
  }
  async find(id) {
    return this.get(id);
  }
  filter(fits) {
    return this._models.filter(fits);
  }
  map(change) {
    return this._models.map(change);
  }
  get length() {
    return this._models.length;
  }
  push(it) {
    this._models.push(it);
    this.trigger("add", it);
    return it;
  }
}

class Contact {
  constructor(wid, name, phone) {
    this.id = wid;
    this.pushname = name;
    this.formattedName = name || wid.user;
    this.phoneNumber = phone ? new Wid(phone) : undefined;
  }
  toJSON() {
    return { id: this.id, pushname: this.pushname };
  }
}

class Chat {
  constructor(wid, contact) {
    this.id = wid;
    this.contact = contact;
    this.isUser = wid.server !== "g.us";
    this.isGroup = wid.server === "g.us";
    this.kind = "chat";
    this.unreadCount = 0;
    this.msgs = { _models: [], msgLoadState: { noEarlierMsgs: true } };
    this.presence = { subscribe: async () => {}, toJSON: () => null };
  }
  getParticipantCount() {
    return 2;
  }
  // Of a long history the page holds the end only, as WhatsApp's does.
  async onEmptyMRM() {
    this.msgs._models.unshift(...this.earlier);
    this.earlier = [];
    this.msgs.msgLoadState.noEarlierMsgs = true;
  }
  toJSON() {
    return { id: this.id, unreadCount: this.unreadCount, t: this.t };
  }
}

class Msg {
  constructor(chat, it, me) {
    const { id, from_me: fromMe, quote, quote_ours: ours, ...rest } = it;
    Object.assign(this, rest);
    this.chat = chat;
    this.id = new MsgKey({ fromMe, remote: chat.id, id });
    this.from = fromMe ? me : chat.id;
    this.to = fromMe ? chat.id : me;
    this.isSentByMe = fromMe;
    this.senderObj = chat.contact;
    if (quote) this.quotedStanzaID = quote;
    if (quote) this.quotedParticipant = ours ? me : chat.id;
    if (it.file) this.mediaData = { toJSON: () => null };
    this.mediaObject = {};
  }
  msgContextInfo() {
    return { quotedStanzaID: this.id.id, quotedOurs: this.id.fromMe };
  }
  async downloadMedia() {
    const answer = await fetch(`media/${this.file}`, { cache: "no-store" });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const blob = new Blob([await answer.blob()], { type: this.mimetype });
    this.mediaData.mediaBlob = { forceToBlob: () => blob };
  }
  toJSON() {
    const { chat, senderObj, mediaData, mediaObject, ...rest } = this;
    return rest;
  }
}
