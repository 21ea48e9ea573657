"use strict";
// One WhatsApp session held by venom-bot.  Speaks the worker contract: JSON lines, requests on
// stdin, answers and events on fd 1; logs on stderr.  Ends when stdin closes.

const wire = require("./wire");
const tame = require("./tame");
const { Session } = require("./session");

const CAPABILITIES = ["ack", "logout", "media", "quote", "react", "revoke", "typing", "mark_read"];

const session = new Session(wire.event);

wire.serve({
  ping: () => session.figures(),
  start: (params) => session.start(params),
  ack: (params) => session.acknowledge(params),
  send: (params) => session.send(params),
  react: (params) => session.react(params),
  revoke: (params) => session.revoke(params),
  mark_read: (params) => session.markRead(params),
  typing: (params) => session.typing(params),
  media: (params) => session.media(params),
  exists: (params) => session.exists(params),
  logout: () => session.logout(),
});

async function end(code) {
  // Chromium writes its profile when it is closed; it is not waited for for ever.
  setTimeout(() => process.exit(code), 5000).unref();
  await session.end().catch(() => {});
  process.exit(code);
}

wire.onEnd(() => end(0));
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => end(0));

// venom-bot rejects promises that nobody holds, above all when WhatsApp answers with an error.
process.on("unhandledRejection", (error) => wire.log("rejection", String(error?.stack ?? error)));
process.on("uncaughtException", (error) => wire.log("exception", String(error?.stack ?? error)));

wire.hello({ contract: 1, engine: `venom-bot ${tame.version}`, caps: CAPABILITIES });
