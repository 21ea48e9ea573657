import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "../api";
import { FakeLive } from "../live/fake";
import { ana, attendance, eventMessage, message, minute, stateOf } from "../testing";
import { Board } from "./board";
import { Sync } from "./sync";

let board: Board;
let live: FakeLive;
let sync: Sync;

beforeEach(() => {
  vi.useFakeTimers();
  board = new Board();
  board.me = { ...ana, role: "admin" };
  live = new FakeLive();
  const queries = new QueryClient();
  queries.setQueryData(["attendants"], [ana, { ...ana, id: "bruno", name: "Bruno" }]);
  queries.setQueryData(["sectors"], [{ id: "support", name: "Support" }]);
  queries.setQueryData(["sessions"], [{ id: "main", name: "Main" }]);
  sync = new Sync(board, queries, live);
  live.start();
});

afterEach(() => {
  sync.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const settle = () => vi.advanceTimersByTimeAsync(150);

describe("an event", () => {
  it("changes the row and its preview", async () => {
    const row = attendance("one");
    board.put(row);
    const state = stateOf(row, { unread: 2, last_position: 2, last_message_at: minute(2) });
    live.say("message.received.v1", { attendance: state, message: eventMessage(2) });
    await settle();
    expect(board.row("one")).toMatchObject({ unread: 2, last_message: { text: "text 2" } });
  });

  it("names the attendant it speaks of", async () => {
    const row = attendance("one");
    board.put(row);
    live.say("attendance.assigned.v1", {
      attendance: stateOf(row, { status: "active", attendant_id: "bruno" }),
    });
    await settle();
    expect(board.row("one")?.attendant).toEqual({ id: "bruno", name: "Bruno" });
  });

  it("about an unknown attendance has it fetched, once per burst", async () => {
    const fetched = vi.spyOn(api, "attendance").mockResolvedValue(attendance("new"));
    for (let n = 1; n < 5; n += 1) {
      live.say("message.received.v1", { attendance: stateOf(attendance("new")), message: eventMessage(n) });
    }
    await settle();
    expect(board.row("new")?.client.name).toBe("Client new");
    // Once for the burst, and once more for what came while the answer was under way.
    expect(fetched.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it("with a gap before it has the missing messages fetched", async () => {
    board.put(attendance("one"));
    board.setThread("one", { status: "ready" });
    board.putMessages("one", [message(1)]);
    const page = { items: [1, 2, 3].map((n) => message(n)), next: null };
    vi.spyOn(api, "messages").mockResolvedValue(page);
    live.say("message.received.v1", { attendance: stateOf(attendance("one")), message: eventMessage(3) });
    await settle();
    expect(board.thread("one").items.map((item) => item.position)).toEqual([1, 2, 3]);
  });

  it("of a delivery changes the tick and never the attendance", async () => {
    board.put(attendance("one", { status: "active", last_position: 1 }));
    board.setThread("one", { status: "ready" });
    board.putMessages("one", [message(1, { direction: "reply", delivery: "sent" })]);
    live.say("message.delivery_changed.v1", {
      attendance: stateOf(attendance("one", { status: "waiting" })),
      message: eventMessage(1, { direction: "reply", delivery: "read" }),
    });
    await settle();
    expect(board.row("one")?.status).toBe("active");
    expect(board.thread("one").items[0]?.delivery).toBe("read");
  });

  it("of what happens to a message later changes it where it stands", async () => {
    board.put(attendance("one", { status: "active", last_position: 2 }));
    board.setThread("one", { status: "ready" });
    board.putMessages("one", [message(1), message(2)]);
    const reactions = [{ side: "client" as const, emoji: "👍", at: "2026-01-01T12:00:00Z", by_id: null }];
    const about = { attendance: stateOf(attendance("one", { status: "active", last_position: 2 })) };
    live.say("message.reacted.v1", { ...about, message: eventMessage(1, { reactions }) });
    const revoked = { text: "", revoked_at: "2026-01-01T12:00:00Z" };
    live.say("message.revoked.v1", { ...about, message: eventMessage(2, revoked) });
    await settle();
    const [first, second] = board.thread("one").items;
    expect(first?.reactions).toEqual(reactions);
    expect(second?.text).toBe("");
  });

  it("of what a message quotes shows it where the message stands", async () => {
    board.put(attendance("one", { status: "active", last_position: 2 }));
    board.setThread("one", { status: "ready" });
    board.putMessages("one", [message(1), message(2)]);
    const { id, kind, text, direction } = message(1);
    live.say("message.quote_found.v1", {
      attendance: stateOf(attendance("one", { status: "active", last_position: 2 })),
      message: eventMessage(2, { quote: { id } }),
    });
    await settle();
    expect(board.thread("one").items[1]?.quote).toEqual({ id, kind, text, direction });
  });

  it("of typing is forgotten when nothing follows", async () => {
    live.say("client.typing.v1", { attendance_id: "one", typing: true });
    await settle();
    expect(board.isTyping("one")).toBe(true);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(board.isTyping("one")).toBe(false);
  });
});

describe("a resync", () => {
  it("fetches the lists and the opened threads again", async () => {
    const lists = vi.spyOn(api, "attendances").mockResolvedValue({ items: [attendance("one")], next: null });
    const threads = vi.spyOn(api, "messages").mockResolvedValue({ items: [message(1)], next: null });
    await sync.loadView("all", "");
    await sync.loadTail("one");
    live.resync();
    await settle();
    expect(lists).toHaveBeenCalledTimes(2);
    expect(threads).toHaveBeenCalledTimes(2);
  });

  it("leaves no hole when more was missed than one page holds", async () => {
    const page = (from: number) => ({
      items: Array.from({ length: 50 }, (_, n) => message(from + n)),
      next: String(from),
    });
    const messages = vi.spyOn(api, "messages").mockResolvedValue(page(1));
    await sync.loadTail("one");
    messages.mockResolvedValue(page(201));
    await sync.loadTail("one");
    const positions = board.thread("one").items.map((item) => item.position);
    expect(positions[0]).toBe(201);
    expect(board.thread("one").older).toBe("201");
  });
});
