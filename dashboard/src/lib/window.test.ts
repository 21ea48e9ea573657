import { describe, expect, it } from "vitest";
import { movedWindow } from "./window";

describe("the window", () => {
  it("moves to a day after the client's message", () => {
    expect(movedWindow("2026-11-23T12:00:00Z", "2026-11-24T10:00:00Z")).toBe("2026-11-25T10:00:00.000Z");
  });

  it("is none where there is none, and stays where nobody wrote", () => {
    expect(movedWindow(null, "2026-11-24T10:00:00Z")).toBeNull();
    expect(movedWindow("2026-11-23T12:00:00Z", null)).toBe("2026-11-23T12:00:00Z");
  });
});
