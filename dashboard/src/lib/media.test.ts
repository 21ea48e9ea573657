import { beforeAll, describe, expect, it } from "vitest";
import { loadLanguage } from "./i18n";
import { inWords, kindOf, prettyDuration, prettySize, whyNot, within } from "./media";

const LIMITS = { image: 5_000_000, audio: 16_000_000, video: 16_000_000, document: 100_000_000 };

beforeAll(() => loadLanguage("en"));

describe("files", () => {
  it("are named in the units of people", () => {
    expect(prettySize(1)).toMatch(/1 byte/);
    expect(prettySize(16 * 1024)).toBe("16 kB");
    expect(prettySize(1.5 * 1024 * 1024)).toBe("1.5 MB");
    expect([7, 750, 3723].map(prettyDuration)).toEqual(["0:07", "12:30", "1:02:03"]);
  });

  it("keep their shape and are never enlarged", () => {
    expect(within(1200, 800, 320)).toEqual({ width: 320, height: 213 });
    expect(within(100, 50, 320)).toEqual({ width: 100, height: 50 });
  });

  it("are sent as what they are, and as documents when they are too large for that", () => {
    const file = (type: string, size = 10, name = "a") => ({ type, size, name });
    expect(kindOf(file("image/png"), LIMITS)).toBe("image");
    expect(kindOf(file("image/png", 6_000_000), LIMITS)).toBe("document");
    expect(kindOf(file("image/svg+xml"), LIMITS)).toBe("document");
    expect(kindOf(file("audio/webm;codecs=opus"), LIMITS)).toBe("audio");
    expect(kindOf(file("", 10, "IMG_0001.HEIC"), LIMITS)).toBe("image");
    expect(kindOf(file("", 10, "tif.exe"), LIMITS)).toBe("document");
  });

  it("say why they cannot be sent", () => {
    const file = (size: number, type = "application/pdf") => ({ size, type, name: "a" });
    expect(whyNot(file(0), "document", LIMITS)).toBe("The file is empty.");
    expect(whyNot(file(10), "document", LIMITS)).toBeNull();
    expect(whyNot(file(200_000_000), "document", LIMITS)).toMatch(/Too large: 190.7 MB/);
    expect(whyNot(file(10), "document", {})).toMatch(/Too large/);
    expect(whyNot(file(10, "image/png"), "sticker", { sticker: 10 })).toBeNull();
    expect(whyNot(file(10, "image/gif"), "sticker", { sticker: 10 })).toMatch(/WebP, PNG or JPEG/);
  });
});

describe("a message in one line", () => {
  it("is its text, or what it is", () => {
    expect(inWords({ kind: "image", text: "look" })).toBe("look");
    expect(inWords({ kind: "voice", text: "" })).toBe("Voice note");
    expect(inWords({ kind: "text", text: "" })).toBe("");
  });
});
