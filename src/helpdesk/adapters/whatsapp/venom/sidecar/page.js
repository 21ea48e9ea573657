"use strict";
/* global window, document, Store, WAPI */
// Functions that run inside the page.  Each must stand alone: the page sees nothing around it.

/** Everything that venom-bot's library looks up is there. */
function loaded() {
  return Boolean(
    window.WAPI && window.Store?.Msg && Store.Chat && Store.State?.Socket && Store.MaybeMeUser,
  );
}

/** How the page is, for the watchdog. */
function look() {
  const text = document.body?.innerText ?? "";
  // This table of venom-bot's grows for ever, and nobody reads it.
  if (window.WAPI?._newMessagesBuffer) window.WAPI._newMessagesBuffer.length = 0;
  return {
    qr: document.querySelector("canvas")?.closest("[data-ref]")?.getAttribute("data-ref") ?? null,
    chats: Boolean(document.querySelector("#app .two")),
    // WhatsApp names it so in the languages of the helpdesk's users; no other sign is known.
    passkey: /passkey|chave de acesso|(llave|clave) de acceso/i.test(text.slice(0, 5000)),
    socket: window.Store?.State?.Socket?.state ?? null,
  };
}

/** Our own number, as a WhatsApp id. */
async function me() {
  return (await Store.MaybeMeUser.getMaybeMeUser())?._serialized ?? null;
}

/** Once for each document, after venom-bot's library is in. */
function prepare() {
  if (window.helpdesk) return;
  const presets = new Map();
  const markRead = Store.ReadSeen.sendSeen;
  window.helpdesk = { presets, markRead };
  // venom-bot marks a chat as read whenever it sends, types or looks something up.
  Store.ReadSeen.sendSeen = async () => {};
  // WAPI.reply takes no id of ours.
  const fresh = WAPI.getNewMessageId;
  WAPI.getNewMessageId = (chat, check) => {
    const id = presets.get(chat);
    presets.delete(chat);
    if (!id) return fresh(chat, check);
    return WAPI.setNewMessageId({ number: chat, _serialized: id, id }, check);
  };
  // It refuses ids without a phone number, by which WhatsApp names ever more people.
  const check = WAPI.sendCheckType;
  WAPI.sendCheckType = (chat) => (/^\d+@lid$/.test(chat) ? undefined : check(chat));
  // Of reactions that come together it tells the first only.
  const table = Store.Reaction?.reactionTableMode;
  if (!table) return;
  const upsert = table.bulkUpsert;
  table.bulkUpsert = (batch, ...rest) => {
    for (const it of batch.slice(1)) window.onMessageReaction(it);
    return upsert(batch, ...rest);
  };
}

/** Send once; says what became of it, as far as the page knows. */
async function send({ to, id, kind, text, quote, file, name }) {
  const preset = { number: to, _serialized: id, id };
  const sending = () => {
    if (kind === "voice") return WAPI.sendPtt(file, to, preset);
    if (kind !== "text") return WAPI.sendFile(file, to, name, text, "sendFile", undefined, preset);
    if (!quote || !Store.Msg.get(quote)) return WAPI.sendMessage(to, text, undefined, preset);
    window.helpdesk.presets.set(to, id);
    return WAPI.reply(to, text, quote).finally(() => window.helpdesk.presets.delete(to));
  };
  const result = await sending();
  const found = window.helpdeskFind(id);
  return {
    fine: result?.erro === false || found?.ack >= 1,
    missing: result?.erro === true && result.text === "The number does not exist",
    waiting: found?.ack === 0,
    id: found?.id ?? result?.to?._serialized ?? null,
    detail: String(result?.text ?? result?.status ?? ""),
  };
}

/** Find one of our messages by the part of its id that we chose. */
function find(id) {
  const it = Store.Msg._models.find((message) => message.id.fromMe && message.id.id === id);
  return it ? { id: it.id._serialized, ack: it.ack } : null;
}

/** Ids of clients' messages since a moment (seconds), and of those unread that are not too old. */
async function missed({ since, unreadSince }) {
  const found = [];
  for (const chat of Store.Chat._models) {
    const unread = chat.unreadCount > 0;
    if (chat.isGroup || !(unread || chat.t >= since)) continue;
    const models = chat.msgs._models;
    const enough = () => models[0]?.t < since && models.length >= chat.unreadCount;
    for (let n = 0; n < 20 && !enough() && !chat.msgs.msgLoadState?.noEarlierMsgs; n += 1) {
      await chat.onEmptyMRM();
    }
    models.forEach((it, n) => {
      const fresh = unread && n >= models.length - chat.unreadCount && it.t >= unreadSince;
      if (!it.id.fromMe && (it.t >= since || fresh)) found.push(it);
    });
  }
  return found.sort((a, b) => a.t - b.t).map((it) => it.id._serialized);
}

/** A file as a data URL. */
function download(id) {
  return WAPI.downloadMedia(id).catch((error) => {
    throw new Error(error?.code ?? error?.message ?? String(error));
  });
}

/** A message as venom-bot tells it. */
function described(id) {
  const it = Store.Msg.get(id);
  return it ? WAPI.processMessageObj(it, true, false) : null;
}

/** Which of two messages is quoted: WhatsApp gives an id without saying whose it is. */
function quoted({ chat, id, ours }) {
  const names = [ours, !ours].map((mine) => `${mine}_${chat}_${id}`);
  return names.find((name) => Store.Msg.get(name)) ?? names[0];
}

/** The phone number behind a private id, where WhatsApp tells it. */
function phoneOf(lid) {
  return Store.Contact?.get(lid)?.phoneNumber?._serialized ?? null;
}

async function markRead(chatId) {
  const chat = await WAPI.getChat(chatId);
  if (chat) await window.helpdesk.markRead(chat, false);
}

// Of what venom-bot answers a part only: chats refer to each other and could not be handed out.
async function react({ message, emoji }) {
  const result = await WAPI.sendReactions(message, emoji);
  return { fine: result?.erro !== true, detail: String(result?.text ?? "") };
}

async function revoke({ chat, message }) {
  const result = await WAPI.deleteMessages(chat, [message]);
  return { fine: result?.erro === false, detail: String(result?.text ?? "") };
}

const typing = (chat) => WAPI.startTyping(chat);
const exists = async (chat) => (await WAPI.checkNumberStatus(chat)).numberExists === true;

/** Clients' typing is told only of chats that somebody subscribed to. */
async function listen(chatId) {
  await Store.Chat.get(chatId)?.presence?.subscribe?.();
}

module.exports = {
  described,
  download,
  exists,
  find,
  listen,
  loaded,
  look,
  markRead,
  me,
  missed,
  phoneOf,
  prepare,
  quoted,
  react,
  revoke,
  send,
  typing,
};
