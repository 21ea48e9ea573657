import { describe, expect, it } from "vitest";
import type { Media, Message } from "@/lib/api/types";
import { message } from "@/lib/testing";
import { voiceAfter } from "./player";

function voice(position: number, change: Partial<Message> = {}, state: Media["state"] = "ready"): Message {
  const media = { id: `m${position}`, kind: "voice", state } as Media;
  return { ...message(position), kind: "voice", direction: "inbound", media, ...change };
}

describe("a voice note that ends", () => {
  it("is followed by the next one of the same side", () => {
    expect(voiceAfter([voice(1), voice(2)], "m1")?.id).toBe("m2");
  });

  it("is the last one before anything else", () => {
    const text = { ...message(2), media: null };
    expect(voiceAfter([voice(1), text, voice(3)], "m1")).toBeNull();
    expect(voiceAfter([voice(1), voice(2, { direction: "reply" })], "m1")).toBeNull();
    expect(voiceAfter([voice(1), voice(2, {}, "pending")], "m1")).toBeNull();
    expect(voiceAfter([voice(1)], "m1")).toBeNull();
    expect(voiceAfter([voice(1)], "m9")).toBeNull();
  });
});
