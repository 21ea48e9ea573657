import { describe, expect, it } from "vitest";
import { message, minute } from "@/lib/testing";
import { firstUnread, itemsOf } from "./items";

const none = { outgoing: [], uploads: [], complete: true, newFrom: null };
const types = (items: { type: string }[]) => items.map((item) => item.type);

describe("the conversation", () => {
  it("separates the days and says where it begins", () => {
    const old = message(1, { at: "2025-12-30T12:00:00Z" });
    const items = itemsOf({ ...none, messages: [old, message(2), message(3)] });
    expect(types(items)).toEqual(["beginning", "day", "message", "day", "message", "message"]);
  });

  it("holds the oldest message back until it is known what it follows", () => {
    const items = itemsOf({ ...none, complete: false, messages: [message(1), message(2)] });
    expect(items.map((item) => item.key)).toEqual(["message 2"]);
  });

  it("marks where the new messages begin", () => {
    const messages = [message(1), message(2), message(3)];
    const items = itemsOf({ ...none, messages, newFrom: firstUnread(messages, 2) });
    expect(types(items)).toEqual(["beginning", "day", "message", "new", "message", "message"]);
  });

  it("joins what one author wrote within five minutes", () => {
    const messages = [
      message(1),
      message(2),
      message(3, { at: minute(30) }),
      message(4, { direction: "note" }),
    ];
    const joined = itemsOf({ ...none, messages }).flatMap((item) =>
      item.type === "message" ? [item.joined] : [],
    );
    expect(joined).toEqual([false, true, false, false]);
  });

  it("shows what is being sent once, also when the feed was faster", () => {
    const entry = {
      id: "e",
      attendance_id: "one",
      kind: "reply" as const,
      text: "hi",
      quote: null,
      at: minute(5),
      state: "pending" as const,
      failure: null,
    };
    expect(types(itemsOf({ ...none, messages: [message(1)], outgoing: [entry] }))).toContain("outgoing");
    const seen = { ...entry, seen: "message 1" };
    expect(types(itemsOf({ ...none, messages: [message(1)], outgoing: [seen] }))).not.toContain("outgoing");
  });
});
