import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Me } from "../api";
import { chosenLive } from "./chosen";
import { FakeLive } from "./fake";
import type { LiveState } from "./types";

const loaded = vi.hoisted(() => ({ live: null as unknown }));

vi.mock("./firestore", () => {
  return {
    firestoreLive: () => {
      if (!loaded.live) throw new TypeError("Failed to fetch dynamically imported module");
      return loaded.live;
    },
  };
});

class Socket {
  static all: Socket[] = [];
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose = null;

  constructor(readonly url: string) {
    Socket.all.push(this);
  }

  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  close(): void {}
}

const me = (live: string): Me =>
  ({ live, firebase: { project: "desk", api_key: "k", firestore_url: "", auth_url: "" } }) as Me;

beforeEach(() => {
  Socket.all = [];
  loaded.live = null;
  vi.stubGlobal("WebSocket", Socket);
});

afterEach(() => vi.unstubAllGlobals());

describe("the live interface that the server names", () => {
  it("is the WebSocket, and nothing is loaded, unless that is Firestore", () => {
    for (const it of [me("websocket"), { ...me("firestore"), firebase: null }]) {
      const live = chosenLive(it as Me);
      live.start("7");
      expect([live.detour, Socket.all.at(-1)?.url.endsWith("/v1/feed?since=7")]).toEqual([false, true]);
      live.stop();
    }
  });

  it("is Firestore's, of which it tells everything that it tells", async () => {
    const real = new FakeLive();
    loaded.live = real;
    const live = chosenLive(me("firestore"));
    const seen: unknown[] = [];
    live.on("event", ({ event }) => seen.push(event));
    live.on("resync", () => seen.push("resync"));
    live.on("state", (state) => seen.push(state));
    live.on("denied", () => seen.push("denied"));
    live.start();
    expect(live.state).toBe("connecting");
    await vi.waitFor(() => expect(live.state).toBe("online"));
    real.say("client.changed.v1", {});
    real.resync();
    real.detour = true;
    real.become("offline");
    live.publish({ type: "typing", attendance_id: "a" });
    expect(seen).toEqual(["online", "client.changed.v1", "resync", "offline"]);
    expect([live.detour, real.published.length, Socket.all]).toEqual([true, 1, []]);
    live.stop();
  });

  it("follows the API, and says so, when Firebase's part of the dashboard cannot be loaded", async () => {
    const live = chosenLive(me("firestore"));
    const states: [LiveState, boolean][] = [];
    live.on("state", (state) => states.push([state, live.detour]));
    live.start("7");
    await vi.waitFor(() => expect(Socket.all).toHaveLength(1));
    expect(Socket.all[0]?.url).toMatch(/\/v1\/feed\?since=7$/);
    Socket.all[0]?.say({ type: "hello", cursor: "9" });
    expect(states).toEqual([["online", true]]);
    live.stop();
  });

  it("is not started when it was stopped while it was loaded", async () => {
    const real = new FakeLive();
    loaded.live = real;
    const live = chosenLive(me("firestore"));
    live.start();
    live.stop();
    await new Promise((resolve) => setTimeout(resolve));
    expect(real.state).not.toBe("online");
  });
});
