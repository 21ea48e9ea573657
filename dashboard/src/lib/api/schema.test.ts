import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

it("the API's types are those of docs/openapi.json", () => {
  expect(() => execFileSync("node", ["scripts/gen.mjs", "--check"], { stdio: "pipe" })).not.toThrow();
});
