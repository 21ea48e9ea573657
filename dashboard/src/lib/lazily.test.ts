import { expect, test } from "vitest";
import { patiently } from "./lazily";

test("what cannot be fetched for a moment is fetched again", async () => {
  let left = 2;
  const load = async () => {
    if (left-- > 0) throw new TypeError("Failed to fetch dynamically imported module");
    return "module";
  };
  expect(await patiently(load, [0, 0])).toBe("module");
});

test("what cannot be fetched for long fails as it did the last time", async () => {
  let times = 0;
  const load = () => Promise.reject(new TypeError(`${++times}`));
  await expect(patiently(load, [0, 0])).rejects.toThrow("3");
});
