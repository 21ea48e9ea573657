"use strict";
// What venom-bot and its libraries do that must not be done here, changed as they are loaded.

const childProcess = require("node:child_process");
const fs = require("node:fs");
const Module = require("node:module");

// Its progress, with every line of before repeated at each step.
class Silent {
  add() {}
  fail() {}
  succeed() {}
  update() {}
  pick() {
    return { text: "" };
  }
}

const REPLACED = {
  // At each start venom-bot asks the registry whether it is the newest, and loads half of npm for it.
  "npm-check-updates": { default: async () => ({}) },
  spinnies: Silent,
};
const load = Module._load;
Module._load = function (name, ...rest) {
  return REPLACED[name] ?? load.call(this, name, ...rest);
};

// Puppeteer gives Chromium a process group of its own; in ours it ends with us, however we end.
const spawn = childProcess.spawn;
childProcess.spawn = (command, args, options) =>
  spawn(command, args, { ...options, detached: false });

// venom-bot opens the profile, which is the credentials, to everybody.
const chmod = fs.chmodSync;
fs.chmodSync = (path, mode) => chmod(path, mode === "777" ? 0o700 : mode);

const venom = require("venom-bot");
const { version } = require("venom-bot/package.json");
const agent = require("venom-bot/dist/config/WAuserAgente");
const { puppeteerConfig } = require("venom-bot/dist/config/puppeteer.config");
const updates = require("venom-bot/dist/controllers/check-up-to-date");
const puppeteer = require("puppeteer-extra").default;

updates.checkUpdates = async () => {};

// It registers the same plugin at each start, and each launch runs them all.
const use = puppeteer.use.bind(puppeteer);
const known = new Set();
puppeteer.use = (plugin) => {
  if (known.has(plugin.name)) return puppeteer;
  known.add(plugin.name);
  return use(plugin);
};

// Old user agents, and certificates of anybody; the sandbox is put back below.
const UNWANTED = /^--(user-agent=|ignore-certif|ignore-certif\w*-errors-spki-list|user-data-dir=)/;
const WITHOUT_SANDBOX = ["--no-sandbox", "--disable-setuid-sandbox", "--no-zygote"];
const ARGUMENTS = puppeteerConfig.chromiumArgs.filter((it) => !UNWANTED.test(it));

/** Start Chromium as wanted, and venom-bot in it.  Its arguments leak from one start to the next. */
async function create(options, { sandbox, chromiumArguments }) {
  const wanted = sandbox ? ARGUMENTS.filter((it) => !WITHOUT_SANDBOX.includes(it)) : ARGUMENTS;
  puppeteerConfig.chromiumArgs.splice(0, Infinity, ...wanted, ...chromiumArguments);
  return venom.create({ ...options, browserArgs: undefined });
}

const launch = puppeteer.launch.bind(puppeteer);
puppeteer.launch = async ({ args, ...options }) => {
  const once = [...new Set(args)].filter((it) => !it.startsWith("--user-data-dir="));
  // A pipe instead of a port on which anybody on this machine could take over the session.
  const browser = await launch({ ...options, args: once, pipe: true, ignoreHTTPSErrors: false });
  agent.useragentOverride = (await browser.userAgent()).replace("Headless", "");
  return browser;
};

module.exports = { create, version };
