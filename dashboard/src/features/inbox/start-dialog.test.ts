import { describe, expect, it } from "vitest";
import { e164 } from "./start-dialog";

describe("a typed number", () => {
  it("becomes E.164", () => {
    expect(e164("+55 (11) 98888-0001")).toBe("+5511988880001");
    expect(e164("11 98888-0001")).toBe("+5511988880001");
    expect(e164("5511988880001")).toBe("+5511988880001");
    expect(e164("+1 415 555 0100")).toBe("+14155550100");
  });
});
