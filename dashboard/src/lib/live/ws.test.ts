import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WsLive } from "./ws";

class Socket {
  static all: Socket[] = [];
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  closed = false;

  constructor(readonly url: string) {
    Socket.all.push(this);
  }

  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  die(code = 1006): void {
    this.onclose?.({ code });
  }

  close(): void {
    this.closed = true;
  }

  send(): void {}
}

const last = () => Socket.all.at(-1) as Socket;
let live: WsLive;

beforeEach(() => {
  vi.useFakeTimers();
  Socket.all = [];
  live = new WsLive({
    url: "ws://desk/v1/feed",
    connect: (url) => new Socket(url) as never,
    random: () => 1,
  });
  live.start();
});

afterEach(() => {
  live.stop();
  vi.useRealTimers();
});

describe("the feed", () => {
  it("is online at hello and comes back at the last cursor it saw", async () => {
    const seen: string[] = [];
    live.on("event", (event) => seen.push(event.cursor));
    last().say({ type: "hello", cursor: "41" });
    expect(live.state).toBe("online");
    last().say({ type: "event", cursor: "42", event: "team.changed.v1", at: "", payload: {} });
    last().die();
    expect(live.state).toBe("offline");
    await vi.advanceTimersByTimeAsync(500);
    expect(last().url).toBe("ws://desk/v1/feed?since=42");
    // Hello names the newest cursor: what lies between is still to come.
    last().say({ type: "hello", cursor: "50" });
    last().die();
    await vi.advanceTimersByTimeAsync(500);
    expect(last().url).toContain("since=42");
    expect(seen).toEqual(["42"]);
  });

  it("waits longer after each failure, thirty seconds at most, and never gives up", async () => {
    const waits: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const before = Date.now();
      last().die();
      const sockets = Socket.all.length;
      while (Socket.all.length === sockets) await vi.advanceTimersByTimeAsync(100);
      waits.push(Date.now() - before);
    }
    expect(waits.slice(0, 4)).toEqual([500, 1000, 2000, 4000]);
    expect(Math.max(...waits)).toBe(30_000);
  });

  it("takes 35 seconds of silence for the end", async () => {
    last().say({ type: "hello", cursor: "1" });
    await vi.advanceTimersByTimeAsync(30_000);
    last().say({ type: "heartbeat", cursor: "1" });
    await vi.advanceTimersByTimeAsync(34_000);
    expect(live.state).toBe("online");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(live.state).toBe("offline");
    expect(Socket.all[0]?.closed).toBe(true);
  });

  it("passes a resync on and goes on from its cursor", async () => {
    const resync = vi.fn();
    live.on("resync", resync);
    last().say({ type: "hello", cursor: "1" });
    last().say({ type: "resync", cursor: "99" });
    last().die();
    await vi.advanceTimersByTimeAsync(500);
    expect(resync).toHaveBeenCalledTimes(1);
    expect(last().url).toContain("since=99");
  });

  it("stops and asks for a new sign-in on 4401", async () => {
    const denied = vi.fn();
    live.on("denied", denied);
    last().die(4401);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(denied).toHaveBeenCalledTimes(1);
    expect(Socket.all).toHaveLength(1);
  });

  it("does not sit out the back-off when the network is back", async () => {
    for (let attempt = 0; attempt < 6; attempt += 1) {
      last().die();
      await vi.advanceTimersByTimeAsync(30_000);
    }
    last().die();
    const sockets = Socket.all.length;
    dispatchEvent(new Event("online"));
    expect(Socket.all).toHaveLength(sockets + 1);
  });
});
