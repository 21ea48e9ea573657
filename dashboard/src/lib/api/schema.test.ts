import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, it } from "vitest";

it.skipIf(!existsSync("../docs/openapi.json"))("the API's types are those of docs/openapi.json", () => {
  expect(() => execFileSync("node", ["scripts/gen.mjs", "--check"], { stdio: "pipe" })).not.toThrow();
});
