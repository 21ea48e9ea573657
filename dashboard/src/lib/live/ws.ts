// The feed over a WebSocket: resumes at the last cursor, tries for ever, and says honestly when it is down.
import { LiveEmitter } from "./emitter";
import type { Live, LiveEvent, LiveState } from "./types";

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
/** Two missed heartbeats of 15 s and some air: a socket may be dead long before the browser notices. */
const SILENCE = 35_000;
/** On waking up, a socket that has been silent longer than a heartbeat is not trusted. */
const SUSPICIOUS = 18_000;
const SIGN_IN_AGAIN = 4401;

type Frame =
  | ({ type: "event" } & LiveEvent)
  | { type: "hello" | "heartbeat" | "resync"; cursor: string }
  | { type: "other" };

export interface WsOptions {
  url: string;
  connect?: (url: string) => WebSocket;
  random?: () => number;
}

export class WsLive extends LiveEmitter implements Live {
  state: LiveState = "connecting";
  readonly detour = false;
  /** The last one that was told, or was not for this person. */
  cursor: string | null = null;
  private socket: WebSocket | null = null;
  private attempts = 0;
  private running = false;
  private heardAt = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private silenceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: WsOptions) {
    super();
  }

  start(since?: string): void {
    if (since !== undefined) this.cursor = since;
    if (this.running) return;
    this.running = true;
    addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.open();
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.retryTimer);
    removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    this.drop();
  }

  publish(signal: { type: "typing"; attendance_id: string }): void {
    if (this.state === "online") this.socket?.send(JSON.stringify(signal));
  }

  private open(): void {
    clearTimeout(this.retryTimer);
    const url = this.cursor === null ? this.options.url : `${this.options.url}?since=${this.cursor}`;
    const socket = (this.options.connect ?? ((to) => new WebSocket(to)))(url);
    this.socket = socket;
    socket.onmessage = (message) => this.receive(String(message.data));
    socket.onclose = (close) => this.lost(close.code);
    this.watch();
  }

  private receive(text: string): void {
    this.watch();
    const frame = JSON.parse(text) as Frame;
    switch (frame.type) {
      case "event":
        this.cursor = frame.cursor;
        this.emit("event", frame);
        break;
      case "hello":
        // With `since`, hello may name a later cursor while the missed events are still on their way.
        this.cursor ??= frame.cursor;
        this.attempts = 0;
        this.become("online");
        break;
      case "heartbeat":
        this.cursor = frame.cursor;
        break;
      case "resync":
        this.cursor = frame.cursor;
        this.emit("resync");
        break;
    }
  }

  private lost(code: number): void {
    this.drop();
    if (!this.running) return;
    if (code === SIGN_IN_AGAIN) {
      this.running = false;
      this.emit("denied");
      return;
    }
    this.become("offline");
    const random = this.options.random ?? Math.random;
    const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.attempts);
    this.attempts += 1;
    // Jitter keeps a hundred dashboards from knocking at the same moment after a restart.
    this.retryTimer = setTimeout(() => this.open(), longest * (0.5 + random() / 2));
  }

  private watch(): void {
    this.heardAt = Date.now();
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => this.lost(0), SILENCE);
  }

  /** The network or the tab is back: do not sit out the back-off. */
  private readonly wake = (): void => {
    if (!this.running || document.visibilityState === "hidden") return;
    if (this.socket && Date.now() - this.heardAt < SUSPICIOUS) return;
    if (this.socket) this.become("offline");
    this.drop();
    this.attempts = 0;
    this.open();
  };

  private drop(): void {
    clearTimeout(this.silenceTimer);
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  private become(state: LiveState): void {
    if (this.state === state) return;
    this.state = state;
    this.emit("state", state);
  }
}
