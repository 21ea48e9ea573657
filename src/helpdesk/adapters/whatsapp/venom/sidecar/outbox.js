"use strict";
// What the helpdesk sends, and the files of what clients sent.

const fs = require("node:fs/promises");
const path = require("node:path");
const crypto = require("node:crypto");
const page = require("./page");
const { within } = require("./waiting");
const { Refusal, log } = require("./wire");

const GONE = /not.?found|not_contains|gone|HTTP 4|status(Code)?:? 4|\b4(04|10)\b/i;

/** Send once.  Refused: certainly not sent.  `unknown`: perhaps, and its acks may tell later. */
async function send(tab, { file, mime, ...message }, limit) {
  const params = { name: "file", ...message };
  if (file) params.file = `data:${mime};base64,${await fs.readFile(file, "base64")}`;
  let sent;
  try {
    sent = await within(limit, tab.evaluate(page.send, params));
  } catch (error) {
    log("send not settled", String(error));
    const found = await within(2000, tab.evaluate(page.find, message.id)).catch(() => null);
    if (found?.ack >= 1) return { outcome: "accepted", id: found.id };
    return { outcome: "unknown", id: found?.id ?? `true_${message.to}_${message.id}` };
  }
  if (sent.fine) return { outcome: "accepted", id: sent.id };
  if (sent.missing) throw new Refusal("missing", "this number is not on WhatsApp");
  if (sent.waiting) return { outcome: "unknown", id: sent.id };
  throw new Refusal("refused", sent.detail || "WhatsApp answered with an error");
}

/** Write a message's file into the spool, and say where. */
async function media(tab, { message }, { spool, media_ms: limit }) {
  // Not `client.decryptFile`, which asks again for ever when the answer is not 200.
  const url = await within(limit, tab.evaluate(page.download, message)).catch((error) => {
    const why = String(error?.message ?? error);
    log("media not loaded", why);
    throw new Refusal(GONE.test(why) ? "gone" : "unavailable", "WhatsApp did not give the file");
  });
  const comma = url.indexOf(",");
  const place = path.join(spool, crypto.randomBytes(16).toString("hex"));
  await fs.writeFile(place, url.slice(comma + 1), { encoding: "base64", flag: "wx", mode: 0o600 });
  return { path: place, mime: url.slice("data:".length, url.indexOf(";")) };
}

function done({ fine, detail }) {
  if (!fine) throw new Refusal("refused", detail || "WhatsApp answered with an error");
}

module.exports = { done, media, send };
