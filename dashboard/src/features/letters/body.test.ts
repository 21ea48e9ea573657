import { describe, expect, it } from "vitest";
import { readable } from "./body";

describe("the body of a dead letter", () => {
  it("is indented when it is JSON", () => {
    const shown = readable({ body: '{"text":"Olá","n":[1]}', encoding: "text" });
    expect(shown).toEqual({ text: '{\n  "text": "Olá",\n  "n": [\n    1\n  ]\n}', cut: false });
  });

  it("is left as it is when it is another text", () => {
    expect(readable({ body: "{not ours", encoding: "text" }).text).toBe("{not ours");
  });

  it("is shown as bytes when it is no text", () => {
    const { text, cut } = readable({ body: btoa("\x00\xff not ours, long enough"), encoding: "base64" });
    const [first, second] = text.split("\n");
    expect(first).toBe("00000000  00 ff 20 6e 6f 74 20 6f 75 72 73 2c 20 6c 6f 6e  .. not ours, lon");
    expect(second).toMatch(/^00000010 {2}67 20 65 .* {2}g enough$/);
    expect(cut).toBe(false);
  });

  it("is cut when it is endless, and says so", () => {
    const long = readable({ body: "x".repeat(100_000), encoding: "text" });
    expect([long.text.length, long.cut]).toEqual([65_536, true]);
    const bytes = readable({ body: btoa("\xff".repeat(5_000)), encoding: "base64" });
    expect([bytes.text.split("\n").length, bytes.cut]).toEqual([256, true]);
  });
});
