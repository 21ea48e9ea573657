import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, api, OfflineError } from "../api";
import { complete } from "./contents";
import type { LiveEvent } from "./types";

/** What the API says of a message: names where events have ids. */
const whole = (attendance_id: string, position: number) => ({
  id: `${attendance_id}${position}`,
  attendance_id,
  position,
  text: `text ${position}`,
  author: { id: "ana", name: "Ana" },
  quote: position > 1 ? { id: `${attendance_id}1`, text: "quoted" } : null,
});

function heard(position: number, more: object = {}, event = "message.received.v1", of = "a"): LiveEvent {
  const message = { id: `${of}${position}`, attendance_id: of, position, delivery: null, ...more };
  return { cursor: String(position), event, at: "", payload: { message, attendance: { id: of } } as never };
}

const asked: [string, number, number][] = [];
const of = (events: LiveEvent[]) =>
  events.map(({ payload }) => payload.message as never as { text?: string });

beforeEach(() => {
  asked.length = 0;
  vi.spyOn(api, "messages").mockImplementation(async (id, before, limit = 0) => {
    asked.push([id, Number(before), limit]);
    const first = Number(before) - limit;
    const items = Array.from({ length: limit }, (_, n) => whole(id, first + n));
    return { items, next: null } as never;
  });
});

afterEach(() => vi.restoreAllMocks());

describe("what an event of Firestore leaves out", () => {
  it("is asked of the API, once for what came together, in pages of fifty", async () => {
    const positions = [3, 1, 2, 2, 50, 51, 120];
    const events = [...positions.map((it) => heard(it)), heard(7, {}, "message.received.v1", "b")];
    const told = await complete(events);
    expect(of(told).map((it) => it.text)).toEqual([...positions, 7].map((it) => `text ${it}`));
    expect(asked).toEqual([
      ["a", 51, 50],
      ["a", 52, 1],
      ["a", 121, 1],
      ["b", 8, 1],
    ]);
  });

  it("has ids where the API has names", async () => {
    const [told] = await complete([heard(2)]);
    expect(told?.payload.message).toMatchObject({ author: { id: "ana" }, quote: { id: "a1" } });
    expect(JSON.stringify(told)).not.toMatch(/Ana|quoted/);
  });

  it("is not asked for a text that is in the document", async () => {
    const [told] = await complete([heard(2, { kind: "text", text: "Olá" })]);
    const nothing = {
      media: null,
      location: null,
      contacts: [],
      template: null,
      failure: null,
      reactions: [],
    };
    expect(told?.payload.message).toMatchObject({ id: "a2", text: "Olá", ...nothing });
    expect(asked).toEqual([]);
  });

  it("is not asked for what has no message, and for a tick", async () => {
    const typing = { ...heard(1), event: "client.typing.v1", payload: { attendance_id: "a", typing: true } };
    const read = heard(2, { delivery: "read" }, "message.delivery_changed.v1");
    const told = await complete([typing, read]);
    expect(told[0]).toEqual(typing);
    expect(told[1]?.payload.message).toMatchObject({ delivery: "read", failure: null });
    expect(asked).toEqual([]);
    await complete([heard(3, { delivery: "failed" }, "message.delivery_changed.v1")]);
    expect(asked).toEqual([["a", 4, 1]]);
  });

  it.each([403, 404])("is left out when the API says %i: it is not ours any more", async (status) => {
    vi.mocked(api.messages).mockRejectedValueOnce(new ApiError(status, "", "", {}, null));
    const told = await complete([heard(1), heard(7, {}, "message.received.v1", "b")]);
    expect(told.map(({ payload }) => [payload.attendance?.id, payload.message?.id])).toEqual([
      ["a", undefined],
      ["b", "b7"],
    ]);
  });

  it.each([new OfflineError(), new ApiError(503, "", "", {}, 1)])(
    "is asked again later when the API is away",
    async (error) => {
      vi.mocked(api.messages).mockRejectedValueOnce(error);
      await expect(complete([heard(1)])).rejects.toBe(error);
    },
  );
});
