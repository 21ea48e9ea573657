import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "../api";
import { FakeLive } from "./fake";
import { FirestoreLive } from "./firestore";
import type { Heard, Source } from "./firestore-source";
import type { LiveEvent } from "./types";

class Fake implements Source {
  listeners = new Map<string, { since: number; heard: (it: Heard) => void; failed: () => void }>();
  tokens: string[] = [];

  async signIn(token: string): Promise<void> {
    this.tokens.push(token);
  }

  listen(feed: string, since: number, heard: (it: Heard) => void, failed: () => void): () => void {
    this.listeners.set(feed, { since, heard, failed });
    return () => this.listeners.delete(feed);
  }

  close(): void {}

  say(feed: string, ...cursors: number[]): void {
    this.listeners.get(feed)?.heard({ events: cursors.map(event), synced: true });
  }

  sync(synced = true): void {
    for (const { heard } of [...this.listeners.values()]) heard({ events: [], synced });
  }
}

class OtherWay extends FakeLive {
  override start(since?: string): void {
    this.since = since;
    super.start();
  }
  since: string | undefined;
}

const event = (cursor: number): LiveEvent => ({
  cursor: String(cursor),
  event: "client.changed.v1",
  at: "",
  payload: {},
});
const GRANT = { token: "t", feeds: ["everyone", "admins"], cursor: "10", replay_seconds: 3600 };

let source: Fake;
let others: OtherWay[];
let live: FirestoreLive;
let seen: string[];

beforeEach(async () => {
  vi.useFakeTimers();
  vi.spyOn(api, "bePresent").mockResolvedValue();
  vi.spyOn(api, "leave").mockResolvedValue();
  const expires_at = new Date(Date.now() + 3_600_000).toISOString();
  vi.spyOn(api, "liveToken").mockResolvedValue({ ...GRANT, expires_at });
  source = new Fake();
  others = [];
  live = new FirestoreLive(
    () => source,
    () => {
      const other = new OtherWay();
      others.push(other);
      return other as never;
    },
  );
  seen = [];
  live.on("event", ({ cursor }) => seen.push(cursor));
  live.on("resync", () => seen.push("resync"));
  live.start();
  await vi.advanceTimersByTimeAsync(1);
});

afterEach(() => {
  live.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("the feed in Firestore", () => {
  it("is online when every feed is told, and puts them in one order, each event once", async () => {
    source.say("everyone", 13);
    expect(live.state).toBe("connecting");
    source.say("admins", 11, 13, 12);
    expect([live.state, live.detour]).toEqual(["online", false]);
    await vi.advanceTimersByTimeAsync(20);
    expect(seen).toEqual(["11", "12", "13"]);
  });

  it("follows the API while it is cut off, from the same cursor, and doubles nothing afterwards", async () => {
    source.sync();
    source.say("admins", 11);
    await vi.advanceTimersByTimeAsync(20);
    source.sync(false);
    await vi.advanceTimersByTimeAsync(3_000);
    expect([live.state, live.detour, others[0]?.since]).toEqual(["online", true, "11"]);
    others[0]?.say("client.changed.v1", {});
    source.say("admins", 11, 12);
    source.sync();
    await vi.advanceTimersByTimeAsync(20);
    expect([live.state, live.detour, others[0]?.state]).toEqual(["online", false, "offline"]);
    expect(seen.filter((it) => it === "11")).toHaveLength(1);
    expect(seen.at(-1)).toBe("12");
  });

  it("asks for new rights before the hour is over and when a listener is refused", async () => {
    source.say("everyone", 14);
    source.sync();
    await vi.advanceTimersByTimeAsync(20);
    const later = new Date(Date.now() + 3_600_000).toISOString();
    vi.mocked(api.liveToken).mockResolvedValue({ ...GRANT, cursor: "20", expires_at: later });
    source.listeners.get("admins")?.failed();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(source.tokens).toHaveLength(2);
    source.sync();
    await vi.advanceTimersByTimeAsync(3_300_000);
    expect(source.tokens).toHaveLength(3);
    expect(source.listeners.get("admins")?.since).toBe(14);
  });

  it("fetches anew what came too late to be put in order", async () => {
    source.sync();
    source.say("admins", 15);
    await vi.advanceTimersByTimeAsync(20);
    source.say("everyone", 12);
    await vi.advanceTimersByTimeAsync(20);
    expect(seen).toEqual(["15", "resync"]);
  });
});
