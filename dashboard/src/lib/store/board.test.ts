import { beforeEach, describe, expect, it, vi } from "vitest";
import { ana, attendance, message, minute } from "../testing";
import { Board } from "./board";

let board: Board;
const first = (asked = 0) => ({ asked, first: true });

beforeEach(() => {
  board = new Board();
  board.me = ana;
});

describe("lists", () => {
  it("put the longest waiting first and the newest message first", () => {
    const rows = [1, 2, 3].map((n) =>
      attendance(String(n), { last_message_at: minute(n), waiting_since: minute(n) }),
    );
    board.addPage("waiting", "", { items: rows, next: null }, first());
    board.addPage("all", "", { items: rows, next: null }, first());
    expect(board.view("waiting", "").ids).toEqual(["1", "2", "3"]);
    expect(board.view("all", "").ids).toEqual(["3", "2", "1"]);
  });

  it("move a row up when a message comes", () => {
    const rows = [1, 2].map((n) => attendance(String(n), { last_message_at: minute(n) }));
    board.addPage("all", "", { items: rows, next: null }, first());
    board.put({ ...(rows[0] as (typeof rows)[0]), last_message_at: minute(9) });
    expect(board.view("all", "").ids).toEqual(["1", "2"]);
  });

  it("let a row go from waiting to mine when it is taken", () => {
    const row = attendance("1");
    board.addPage("waiting", "", { items: [row], next: null }, first());
    board.addPage("mine", "", { items: [], next: null }, first());
    board.put({ ...row, status: "active", attendant: { id: "ana", name: "Ana" } });
    expect(board.view("waiting", "").ids).toEqual([]);
    expect(board.view("mine", "").ids).toEqual(["1"]);
  });

  it("drop a row that is no longer the viewer's to see", () => {
    const row = attendance("1", { status: "active", attendant: { id: "ana", name: "Ana" } });
    board.addPage("all", "", { items: [row], next: null }, first());
    board.put({ ...row, attendant: { id: "bruno", name: "Bruno" } });
    expect(board.view("all", "").ids).toEqual([]);
  });

  it("leave rows beyond the last loaded page to the server", () => {
    const rows = [5, 6].map((n) => attendance(String(n), { last_message_at: minute(n) }));
    board.addPage("all", "", { items: rows, next: "more" }, first());
    board.put(attendance("old", { last_message_at: minute(1) }));
    board.put(attendance("new", { last_message_at: minute(9) }));
    expect(board.view("all", "").ids).toEqual(["new", "6", "5"]);
  });

  it("keep what the feed brought while the page was on its way", () => {
    board.addPage("all", "", { items: [], next: null }, first());
    const asked = board.now();
    const taken = attendance("1", { status: "active", attendant: { id: "ana", name: "Ana" } });
    board.put(taken);
    board.addPage("all", "", { items: [attendance("1")], next: null }, first(asked));
    expect(board.row("1")?.status).toBe("active");
    expect(board.view("all", "").ids).toEqual(["1"]);
  });

  it("hold the sector filter", () => {
    const billing = { id: "billing", name: "Billing" };
    board.me = { ...ana, role: "admin" };
    board.addPage("all", "billing", { items: [], next: null }, first());
    board.put(attendance("1"));
    board.put(attendance("2", { sector: billing }));
    expect(board.view("all", "billing").ids).toEqual(["2"]);
  });
});

describe("subscriptions", () => {
  it("tell only the row that changed", () => {
    const heard = { one: vi.fn(), two: vi.fn() };
    board.put(attendance("1"));
    board.put(attendance("2"));
    board.topics.subscribe("row:1", heard.one);
    board.topics.subscribe("row:2", heard.two);
    board.put(attendance("1", { unread: 5 }));
    expect(heard.one).toHaveBeenCalledTimes(1);
    expect(heard.two).not.toHaveBeenCalled();
  });

  it("tell each topic once per batch", () => {
    const heard = vi.fn();
    board.topics.subscribe("row:1", heard);
    board.topics.batch(() => {
      for (let unread = 0; unread < 50; unread += 1) board.put(attendance("1", { unread }));
    });
    expect(heard).toHaveBeenCalledTimes(1);
  });
});

describe("threads", () => {
  const positions = () => board.thread("one").items.map((item) => item.position);

  it("stay in order and without doubles, however messages arrive", () => {
    board.setThread("one", { status: "ready" });
    board.putMessages("one", [message(5), message(6)]);
    board.putMessages("one", [message(3), message(4), message(5)]);
    board.putMessages("one", [message(7), message(6)]);
    expect(positions()).toEqual([3, 4, 5, 6, 7]);
  });

  it("ignore messages of what nobody opened", () => {
    board.putMessages("two", [message(1)]);
    expect(board.hasThread("two")).toBe(false);
  });

  it("never take a delivery back", () => {
    const reply = message(1, { direction: "reply", delivery: "sent" });
    board.setThread("one", { status: "ready" });
    board.putMessages("one", [{ ...reply, delivery: "read" }]);
    board.putMessages("one", [reply]);
    expect(board.thread("one").items[0]?.delivery).toBe("read");
  });

  it("start over with a new attempt", () => {
    const reply = message(1, { direction: "reply", delivery: "failed" });
    board.setThread("one", { status: "ready" });
    board.putMessages("one", [reply]);
    board.putMessages("one", [{ ...reply, delivery: "queued", attempt: 2 }]);
    expect(board.thread("one").items[0]?.delivery).toBe("queued");
    board.putMessages("one", [reply]);
    expect(board.thread("one").items[0]?.delivery).toBe("queued");
  });
});
