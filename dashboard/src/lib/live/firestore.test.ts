import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, api, OfflineError } from "../api";
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
    this.listeners.get(feed)?.heard({ events: cursors.map((it) => event(it)), synced: true });
  }

  sync(synced = true): void {
    for (const { heard } of [...this.listeners.values()]) heard({ events: [], synced });
  }
}

class OtherWay extends FakeLive {
  override start(since?: string): void {
    this.since = since;
    this.cursor = since ?? "0";
    super.start();
  }
  since: string | undefined;
  /** As the WebSocket: what it told, or was not for us. */
  cursor: string | null = null;

  tell(cursor: number, name?: string): void {
    this.cursor = String(cursor);
    this.emit("event", event(cursor, name));
  }
}

const event = (cursor: number, name = "client.changed.v1"): LiveEvent => ({
  cursor: String(cursor),
  event: name,
  at: "",
  payload: {},
});
const refusal = (status: number) => new ApiError(status, "", "", {}, null);
const BEAT = 15_000;
const GRANT = { token: "t", feeds: ["everyone", "admins"], cursor: "10", replay_seconds: 3600 };

let source: Fake;
let others: OtherWay[];
let live: FirestoreLive;
let seen: string[];

beforeEach(async () => {
  vi.useFakeTimers();
  vi.spyOn(api, "bePresent").mockResolvedValue({ late: false });
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
    others[0]?.tell(12);
    source.say("admins", 11, 12);
    source.sync();
    await vi.advanceTimersByTimeAsync(20);
    expect([live.state, live.detour, others[0]?.state]).toEqual(["online", false, "offline"]);
    expect(seen).toEqual(["11", "12"]);
  });

  it("follows the API while the server cannot write there, although Firestore itself is there", async () => {
    source.sync();
    vi.mocked(api.bePresent).mockResolvedValue({ late: true });
    await vi.advanceTimersByTimeAsync(BEAT);
    expect([live.state, live.detour, others[0]?.since]).toEqual(["online", true, "10"]);
    for (let cursor = 11; cursor <= 6_010; cursor += 1) others[0]?.tell(cursor);
    source.say("admins", 11, 12);
    await vi.advanceTimersByTimeAsync(20);
    expect(live.detour).toBe(true);
    vi.mocked(api.bePresent).mockResolvedValue({ late: false });
    await vi.advanceTimersByTimeAsync(BEAT);
    expect([live.state, live.detour, others[0]?.state]).toEqual(["online", false, "offline"]);
    source.say("admins", 13, 6_010, 6_011);
    await vi.advanceTimersByTimeAsync(20);
    expect(seen).toHaveLength(6_001);
    expect(seen).not.toContain("resync");
    expect(seen.at(-1)).toBe("6011");
  });

  it("has the API begin where all feeds were whole, when it is cut off in the midst of one", async () => {
    source.sync();
    source.sync(false);
    source.say("admins", 15);
    await vi.advanceTimersByTimeAsync(3_000);
    expect([seen, others[0]?.since]).toEqual([["15"], "10"]);
  });

  it("is offline while the API is away, and online when it is back", async () => {
    source.sync();
    vi.mocked(api.bePresent).mockRejectedValue(new OfflineError());
    await vi.advanceTimersByTimeAsync(BEAT);
    expect([live.state, others]).toEqual(["offline", []]);
    vi.mocked(api.bePresent).mockResolvedValue({ late: false });
    await vi.advanceTimersByTimeAsync(BEAT);
    expect([live.state, live.detour]).toEqual(["online", false]);
  });

  it.each([404, 409])(
    "follows the API without a word where it says %i, until rights change",
    async (status) => {
      vi.mocked(api.liveToken).mockRejectedValueOnce(refusal(status));
      source.listeners.get("admins")?.failed();
      await vi.advanceTimersByTimeAsync(3_000);
      expect([live.state, live.detour, others.length]).toEqual(["online", false, 1]);
      await vi.advanceTimersByTimeAsync(3_600_000);
      expect(source.tokens).toHaveLength(1);
      others[0]?.tell(11, "team.changed.v1");
      await vi.advanceTimersByTimeAsync(20);
      expect(source.listeners.get("admins")?.since).toBe(11);
      source.sync();
      expect([live.state, live.detour, others[0]?.state]).toEqual(["online", false, "offline"]);
      source.sync(false);
      await vi.advanceTimersByTimeAsync(3_000);
      expect([live.detour, others.length]).toEqual([true, 2]);
    },
  );

  it("ends, and says so, when nobody is signed in any more", async () => {
    let denied = 0;
    live.on("denied", () => {
      denied += 1;
    });
    vi.mocked(api.liveToken).mockRejectedValueOnce(refusal(401));
    source.listeners.get("admins")?.failed();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect([denied, source.listeners.size, others]).toEqual([1, 0, []]);
  });

  it("tells what it heard when the API, which has the texts, is back", async () => {
    const message = { id: "m", attendance_id: "a", position: 1 };
    const heard: LiveEvent = { ...event(11, "message.received.v1"), payload: { message } as never };
    const messages = vi.spyOn(api, "messages").mockRejectedValueOnce(new OfflineError());
    source.sync();
    source.listeners.get("admins")?.heard({ events: [heard], synced: true });
    await vi.advanceTimersByTimeAsync(20);
    expect([seen, live.state]).toEqual([[], "offline"]);
    messages.mockResolvedValue({ items: [], next: null });
    await vi.advanceTimersByTimeAsync(1_000);
    expect([seen, live.state]).toEqual([["11"], "online"]);
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
