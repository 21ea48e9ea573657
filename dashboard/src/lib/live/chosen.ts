// The live interface that the server names. What is not the WebSocket is loaded when it is wanted.
import type { Me } from "../api/types";
import { LiveEmitter } from "./emitter";
import type { Live, LiveState } from "./types";
import { WsLive } from "./ws";

export function chosenLive(me: Me): Live {
  const { firebase } = me;
  if (me.live !== "firestore" || !firebase) return feed();
  return new LaterLive(async () => {
    const { firestoreLive } = await import("./firestore");
    return firestoreLive(firebase, feed);
  });
}

function feed(): WsLive {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return new WsLive({ url: `${scheme}://${location.host}/v1/feed` });
}

/** Stands for one that is still being loaded; when that fails, the WebSocket serves. */
class LaterLive extends LiveEmitter implements Live {
  private live: Live | null = null;
  private failed = false;
  private running = false;

  constructor(private readonly load: () => Promise<Live>) {
    super();
  }

  get state(): LiveState {
    return this.live?.state ?? "connecting";
  }

  get detour(): boolean {
    return this.failed || (this.live?.detour ?? false);
  }

  start(since?: string): void {
    if (this.running) return;
    this.running = true;
    void this.begin(since);
  }

  stop(): void {
    this.running = false;
    this.live?.stop();
  }

  publish(signal: Parameters<Live["publish"]>[0]): void {
    this.live?.publish(signal);
  }

  private async begin(since?: string): Promise<void> {
    if (!this.live) {
      const live = await this.load().catch(() => {
        this.failed = true;
        return feed();
      });
      this.live = live;
      live.on("event", (event) => this.emit("event", event));
      live.on("state", (state) => this.emit("state", state));
      live.on("resync", () => this.emit("resync"));
      live.on("denied", () => this.emit("denied"));
    }
    if (this.running) this.live.start(since);
  }
}
