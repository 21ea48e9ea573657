"use strict";
// A stand-in for WhatsApp Web: what its server tells becomes models and events.

const view = document.getElementById("view");
const Chats = new Collection();
const Msgs = new Collection();
const Contacts = new Collection();
const Socket = Object.assign(new Emitter(), { state: "OPENING", stream: "DISCONNECTED" });
Socket.takeover = async () => tell({ do: "takeover" });
const Stream = Object.assign(new Emitter(), { mode: "QR", info: "NORMAL", displayInfo: "OPENING" });
let me;
let held = []; // what was sent and not answered

// ------------------------------------------------------------- credentials, kept in the profile

function database() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("whatsapp", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("keys");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function stored(change) {
  const keys = (await database()).transaction("keys", "readwrite").objectStore("keys");
  const request = change ? keys.put(change, "token") : keys.get("token");
  return new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
}

// ---------------------------------------------------------------------------------- the server

const server = new WebSocket(`wss://${location.host}/socket`);
const tell = (it) => server.send(JSON.stringify(it));

server.onopen = async () => tell({ do: "hello", token: await stored() });
server.onmessage = ({ data }) => {
  const it = JSON.parse(data);
  handlers[it.do](it);
};

function ask(it) {
  const n = held.length;
  const answer = new Promise((resolve) => held.push(resolve));
  tell({ ...it, n });
  return answer;
}

function chatOf({ id, name, phone }) {
  const wid = new Wid(id);
  const known = Chats.get(wid);
  if (known) return known;
  const contact = new Contact(wid, name, phone);
  Contacts._models.push(contact);
  return Chats.push(new Chat(wid, contact));
}

function keep(message, isNew) {
  const chat = chatOf(message.chat);
  const msg = new Msg(chat, { ...message, chat: undefined, isNewMsg: isNew }, me);
  chat.t = msg.t;
  chat.msgs._models.push(msg);
  if (!message.from_me && isNew) chat.unreadCount += 1;
  if (isNew) Msgs.push(msg);
  else Msgs._models.push(msg);
  if (!message.from_me) tell({ do: "received", id: message.id });
}

const handlers = {
  code({ text }) {
    view.innerHTML = `<div class="landing-wrapper"><div data-ref="${text}"><canvas></canvas></div></div>`;
  },
  passkey() {
    view.innerHTML = "<p>Use your passkey to link this device</p>";
  },
  async linked({ token, our_id, chats }) {
    await stored(token);
    me = new Wid(our_id);
    Contacts._models.push(new Contact(me, "us"));
    for (const { messages, unread, ...chat } of chats) {
      chatOf(chat);
      for (const it of messages) keep({ ...it, chat }, false);
      const model = chatOf(chat);
      model.unreadCount = unread;
      model.earlier = model.msgs._models.splice(0, Math.max(0, messages.length - 5));
      model.msgs.msgLoadState.noEarlierMsgs = model.earlier.length === 0;
    }
    Object.assign(Socket, { state: "CONNECTED", stream: "CONNECTED" });
    Object.assign(Stream, { mode: "MAIN", displayInfo: "NORMAL" });
    view.innerHTML = '<div class="two" tabindex="-1">chats</div>';
    await tell({ do: "ready" });
  },
  message: ({ message, copies }) => {
    keep(message, true);
    for (let n = 1; n < copies; n += 1) Msgs.trigger("add", { ...Msgs._models.at(-1) });
  },
  ack({ id, ack }) {
    const it = Msgs._models.find((msg) => msg.id.id === id);
    if (!it) return;
    it.ack = ack;
    Msgs.trigger("change:ack", it);
  },
  typing({ chat, typing }) {
    const type = typing ? "composing" : "available";
    const context = { id: chatOf(chat).id, isUser: true };
    Chats.trigger("change:presence.chatstate.type", { type, _events: { all: [{ context }] } });
  },
  edit({ id, text }) {
    const it = Msgs._models.find((msg) => msg.id.id === id);
    Object.assign(it, { body: text, isNewMsg: true });
    Msgs.trigger("change:body", it);
  },
  revoke({ id }) {
    const it = Msgs._models.find((msg) => msg.id.id === id);
    Object.assign(it, { type: "revoked", body: "", isNewMsg: true });
    Msgs.trigger("change:body", it);
  },
  reactions({ batch }) {
    const table = importNamespace("WAWebAddonReactionTableMode").reactionTableMode;
    table.bulkUpsert(
      batch.map(({ id, chat, emoji, at }) => ({
        id: new MsgKey({ fromMe: false, remote: new Wid(chat), id: `R${at}` }),
        reactionParentKey: Msgs._models.find((msg) => msg.id.id === id).id,
        reactionText: emoji,
        reactionTimestamp: at,
      })),
    );
  },
  state({ state }) {
    Socket.set("state", state);
  },
  answer({ n, ...rest }) {
    held[n]?.(rest);
  },
  // The phone removed this device: WhatsApp's page forgets everything and shows a code.
  unlinked({ text }) {
    for (const it of [Chats, Msgs, Contacts]) it._models = [];
    Socket.set("state", "UNPAIRED");
    handlers.code({ text });
  },
  // For the tests: as if nothing had been written yet.
  clear() {
    for (const it of [Chats, Msgs]) it._models = [];
    Contacts._models = Contacts._models.filter((it) => it.id._serialized === me._serialized);
    held = [];
    Socket.set("state", "CONNECTED");
    tell({ do: "cleared" });
  },
  reload: () => location.reload(),
};
