// Fails when a page loads more than it may. Walks the build's manifest: what an entry and its route load at once.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const OUT = new URL("../../src/helpdesk/adapters/http/static/", import.meta.url).pathname;
if (process.argv.includes("--if-built") && !existsSync(join(OUT, ".vite/manifest.json"))) process.exit(0);
const manifest = JSON.parse(readFileSync(join(OUT, ".vite/manifest.json"), "utf8"));

/** Chunks that are loaded when these are: static imports, followed to the end. */
function reach(keys, seen = new Set()) {
  for (const key of keys) {
    if (seen.has(key)) continue;
    seen.add(key);
    reach(manifest[key].imports ?? [], seen);
  }
  return seen;
}

function route(path) {
  return Object.keys(manifest).filter((key) => key.includes(`routes/${path}.tsx?tsr-split=`));
}

const gzip = (file) => gzipSync(readFileSync(join(OUT, file)), { level: 9 }).length;

function weigh(keys) {
  const files = new Set();
  const styles = new Set();
  for (const key of keys) {
    files.add(manifest[key].file);
    for (const css of manifest[key].css ?? []) styles.add(css);
  }
  const sum = (names) => [...names].reduce((total, name) => total + gzip(name), 0);
  return { js: sum([...files].filter((name) => name.endsWith(".js"))), css: sum(styles) };
}

const shell = ["index.html", "src/locales/pt-BR.json", ...route("_app")];
const inbox = reach([...shell, ...route("_app/inbox"), ...route("_app/inbox.index")]);
const conversation = reach(route("_app/inbox.$attendanceId"));
const onlyConversation = [...conversation].filter((key) => !inbox.has(key));
const feedback = weigh(reach(["feedback.html"]));

const kib = 1024;
const rows = [
  ["inbox, initial JS", weigh(inbox).js, 180 * kib],
  ["inbox, CSS", weigh(inbox).css, 20 * kib],
  ["conversation, further JS", weigh(onlyConversation).js, 70 * kib],
  ["feedback page, JS and CSS", feedback.js + feedback.css, 5 * kib],
];

let failed = false;
for (const [name, size, limit] of rows) {
  const bad = size > limit || size === 0;
  failed ||= bad;
  console.log(
    `${bad ? "TOO BIG" : "ok     "} ${name.padEnd(28)} ${(size / kib).toFixed(1)} of ${limit / kib} KiB gzip`,
  );
}
process.exit(failed ? 1 : 0);
