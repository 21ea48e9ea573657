import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, api, OfflineError } from "../api";
import type { Message } from "../api/types";
import { message } from "../testing";
import { Outbox } from "./outbox";

const outgoing = { attendance_id: "one", kind: "reply" as const, text: "hello", quote: null };
const refused = (status: number, code: string, after: number | null = null) =>
  new ApiError(status, code, "", {}, after);
let accepted: ReturnType<typeof vi.fn<(message: Message) => void>>;
let outbox: Outbox;

function open(): Outbox {
  return new Outbox("ana", accepted);
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  accepted = vi.fn();
  outbox = open();
});

afterEach(() => {
  outbox.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("the outbox", () => {
  it("keeps an entry until the server has it", async () => {
    vi.spyOn(api, "reply").mockResolvedValue(message(1));
    outbox.add(outgoing);
    expect(outbox.of("one")).toHaveLength(1);
    await settle();
    expect(outbox.of("one")).toHaveLength(0);
    expect(accepted).toHaveBeenCalledWith(message(1));
    expect(localStorage.length).toBe(0);
  });

  it("sends again after a reload, under the same key", async () => {
    const reply = vi.spyOn(api, "reply").mockReturnValue(new Promise(() => {}));
    const { id } = outbox.add(outgoing);
    outbox.stop();
    reply.mockResolvedValue(message(1));
    const after = open();
    expect(after.of("one")).toHaveLength(1);
    after.resume();
    await settle();
    expect(reply.mock.calls.map((call) => call[2])).toEqual([id, id]);
    expect(after.of("one")).toHaveLength(0);
  });

  it("waits out an outage and then sends once", async () => {
    const reply = vi
      .spyOn(api, "reply")
      .mockRejectedValueOnce(new OfflineError("gone"))
      .mockResolvedValue(message(1));
    outbox.add(outgoing);
    await settle();
    expect(outbox.of("one")[0]?.state).toBe("pending");
    await vi.advanceTimersByTimeAsync(3_000);
    expect(reply).toHaveBeenCalledTimes(2);
    expect(outbox.of("one")).toHaveLength(0);
  });

  it("asks a busy server again when it said when", async () => {
    const reply = vi.spyOn(api, "reply");
    reply.mockRejectedValueOnce(refused(503, "unavailable", 2)).mockResolvedValue(message(1));
    outbox.add(outgoing);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(reply).toHaveBeenCalledTimes(2);
    expect(outbox.of("one")).toHaveLength(0);
  });

  it("shows a refusal until it is tried again or discarded", async () => {
    const reply = vi.spyOn(api, "reply").mockRejectedValueOnce(refused(502, "http_502"));
    reply.mockResolvedValue(message(1));
    const { id } = outbox.add(outgoing);
    await settle();
    expect(outbox.of("one")[0]).toMatchObject({ state: "failed", failure: "http_502" });
    outbox.retry(id);
    await settle();
    expect(reply.mock.calls.map((call) => call[2])).toEqual([id, id]);
    expect(outbox.of("one")).toHaveLength(0);
  });

  it("sends in the order written", async () => {
    const sent: string[] = [];
    vi.spyOn(api, "reply").mockImplementation(async (_id, body) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      sent.push(body.text ?? "");
      return message(sent.length);
    });
    for (const text of ["a", "b", "c"]) outbox.add({ ...outgoing, text });
    await vi.advanceTimersByTimeAsync(100);
    expect(sent).toEqual(["a", "b", "c"]);
  });

  it("recognises its own message when the feed is faster than the answer", () => {
    vi.spyOn(api, "reply").mockReturnValue(new Promise(() => {}));
    outbox.add(outgoing);
    outbox.sawOwn(message(1, { id: "m", attendance_id: "one", text: "hello", direction: "reply" }));
    expect(outbox.of("one")[0]?.seen).toBe("m");
  });

  it("sends a place or a card, and takes neither for the other", async () => {
    const reply = vi.spyOn(api, "reply").mockReturnValue(new Promise(() => {}));
    const location = { latitude: -23.5, longitude: -46.6 };
    const contacts = [{ name: "Bia", phones: ["+5511988880002"] }];
    const place = outbox.add({ ...outgoing, text: "", location });
    const card = outbox.add({ ...outgoing, attendance_id: "two", text: "", contacts });
    await settle();
    expect(reply.mock.calls).toEqual([
      ["one", { location }, place.id],
      ["two", { contacts }, card.id],
    ]);
    const ours = { text: "", direction: "reply" as const };
    outbox.sawOwn(message(1, { ...ours, kind: "contact" }));
    expect(outbox.of("one")[0]?.seen).toBeUndefined();
    outbox.sawOwn(message(1, { ...ours, id: "m", kind: "location" }));
    expect(outbox.of("one")[0]?.seen).toBe("m");
  });

  it("belongs to one attendant", () => {
    vi.spyOn(api, "reply").mockReturnValue(new Promise(() => {}));
    outbox.add(outgoing);
    expect(new Outbox("bruno", accepted).of("one")).toEqual([]);
  });
});
