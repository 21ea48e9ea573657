"use strict";
// WhatsApp Web's modules, by the exports with which venom-bot finds them.

const files = { image: /^image\//, video: /^video\//, audio: /^audio\// };

class Attachments {
  async processAttachments([{ file }]) {
    const kind = Object.keys(files).find((it) => files[it].test(file.type)) ?? "document";
    this._models = [{ type: kind, mimetype: file.type, filesize: file.size }];
  }
}

async function encryptAndUpload({ blob }) {
  const answer = await fetch("upload", { method: "POST", body: blob });
  const { file } = await answer.json();
  return { url: file, directPath: file, encFilehash: file, mediaKeyTimestamp: 0, mediaKey: "key" };
}

/** Show it at once, with a clock; the second promise is what WhatsApp's server says. */
function addAndSendMsgToChat(chat, it) {
  const { body, caption, type, mimetype, filename, size, directPath, quotedStanzaID } = it;
  const msg = new Msg(chat, { ...it, id: it.id.id, from_me: true, file: directPath }, me);
  chat.msgs._models.push(msg);
  Msgs.push(msg);
  const sent = ask({
    do: "send",
    id: msg.id.id,
    chat: chat.id._serialized,
    type,
    text: body ?? caption ?? "",
    mime: mimetype,
    name: filename,
    size,
    file: directPath,
    quote: quotedStanzaID,
    quote_ours: Boolean(it.quotedOurs),
  });
  return [
    Promise.resolve(msg),
    sent.then(({ result }) => {
      msg.ack = result === "OK" ? Math.max(1, msg.ack) : -1;
      Msgs.trigger("change:ack", msg);
      if (result === "THROW") throw new Error("the promise of WhatsApp was broken");
      return { messageSendResult: result };
    }),
  ];
}

async function queryWidExists(wid) {
  if (wid._serialized === me._serialized) return { wid };
  const { exists } = await ask({ do: "exists", chat: wid._serialized });
  return exists ? { wid } : null;
}

async function sendSeen(chat) {
  chat.unreadCount = 0;
  tell({ do: "seen", chat: chat.id._serialized });
}

Chats.add = async ({ id }) => chatOf({ id: id._serialized, name: "" });
Chats.find = async (id) => chatOf({ id: String(id._serialized ?? id), name: "" });
const createWid = function (id) {
  return new Wid(id);
};

// A default export without keys of its own stands for a module of named exports.
const DEFAULTS = {
  WAWebCollections: { Chat: Chats, Msg: Msgs, Contact: Contacts, PollVote: new Emitter() },
  WAWebWid: Wid,
  WAWebMsgKey: MsgKey,
  WAWebAttachMediaCollection: Attachments,
  WAWebUploadManager: { encryptAndUpload },
};
const NAMED = {
  WAWebUserPrefsMeUser: { getMaybeMeUser: async () => me },
  WAWebWidFactory: { isWidlike: () => true, createWid, createWidFromWidLike: createWid },
  WAWebWidValidator: { validateWid: (id) => /@(c\.us|lid|g\.us)$/.test(id) },
  WAWebQueryExistsJob: { queryExist: queryWidExists, queryWidExists },
  WAWebUpdateUnreadChatAction: { sendSeen },
  WAWebSendMsgChatAction: { addAndSendMsgToChat },
  WAWebSocketModel: { Socket },
  WAWebStreamModel: { Stream, StreamInfo: {} },
  WAWebContactCollection: { ContactCollection: Contacts },
  WAWebLogout: { startLogout: () => tell({ do: "logout" }) },
  WAWebChatStateBridge: {
    markComposing: async (chat) => tell({ do: "typing", chat: chat.id._serialized }),
    markRecording: async () => {},
    sendPresenceAvailable: async () => {},
  },
  WAWebSendReactionMsgAction: {
    sendReactionToMsg: async (msg, emoji) => void (await ask({ do: "react", id: msg.id.id, emoji })),
  },
  WAWebAddonReactionTableMode: { reactionTableMode: { bulkUpsert: () => {} } },
  WAWebRevokeMsgAction: {
    sendRevokeMsgs: (chat, msgs) =>
      Promise.all(msgs.map(({ id }) => ask({ do: "revoke", id: id.id }))),
  },
  WAWebDeleteMsgAction: { sendDeleteMsgs: async (chat, msgs) => msgs.length },
};

const modulesMap = {};
for (const name of Object.keys(DEFAULTS)) modulesMap[name] = { defaultExport: DEFAULTS[name] };
for (const name of Object.keys(NAMED)) modulesMap[name] = { defaultExport: {} };

window.Debug = { VERSION: "2.3000.0" };
window.require = (name) => (name === "__debug" ? { modulesMap } : undefined);
window.importNamespace = (name) => NAMED[name] ?? {};
window.ErrorGuard = { skipGuardGlobal: () => {} };
