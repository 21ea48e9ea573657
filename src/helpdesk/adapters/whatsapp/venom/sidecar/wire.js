"use strict";
// The worker contract's lines.  Whatever a library prints goes to stderr: fd 1 is the protocol's.

const readline = require("node:readline");

const write = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

let count = 0;

/** What was asked is refused; `code` says what to do next. */
class Refusal extends Error {
  constructor(code, detail = "") {
    super(detail);
    this.code = code;
  }
}

const line = (it) => write(`${JSON.stringify(it)}\n`);

const hello = (it) => line({ hello: it });

function event(ev, fields = {}) {
  count += 1;
  line({ seq: count, ev, ...fields });
  return count;
}

const log = (what, detail = "") => process.stderr.write(`${what}: ${detail}\n`);

async function answer(methods, text) {
  let request;
  try {
    request = JSON.parse(text);
  } catch {
    return log("unreadable request");
  }
  const { id, method, params = {} } = request;
  try {
    if (!Object.hasOwn(methods, method)) throw new Refusal("no_such_method", method);
    const ok = await methods[method](params);
    if (id !== undefined) line({ id, ok: ok ?? {} });
  } catch (error) {
    const code = error instanceof Refusal ? error.code : "bug";
    if (code === "bug") log("bug", String(error?.stack ?? error));
    line({ id, error: { code, detail: String(error?.message ?? error).slice(0, 500) } });
  }
}

const input = readline.createInterface({ input: process.stdin });
const serve = (methods) => input.on("line", (text) => answer(methods, text));
const onEnd = (end) => input.on("close", end);

module.exports = { Refusal, event, hello, log, onEnd, serve };
