import { describe, expect, it } from "vitest";
import { loadLanguage } from "./index";
import { remaining } from "./time";

describe("what remains", () => {
  it("is told in hours and minutes, then minutes, then seconds", async () => {
    await loadLanguage("en");
    expect([86_400, 5 * 3600 + 1, 3599, 60, 59, 0].map(remaining)).toEqual([
      "24:00 h",
      "5:01 h",
      "1:00 h",
      "1 min",
      "59 sec",
      "0 sec",
    ]);
  });
});
