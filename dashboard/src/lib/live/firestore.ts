// The feed by listening in Firestore. While we or the server cannot reach that, the API's WebSocket serves, from the same cursor.
import { ApiError, api } from "../api";
import type { LiveToken } from "../api/types";
import { complete } from "./contents";
import { LiveEmitter } from "./emitter";
import { type Firebase, FirestoreSource, type Heard, type Source } from "./firestore-source";
import { Here } from "./here";
import { Progress } from "./progress";
import type { Live, LiveEvent, LiveState } from "./types";
import type { WsLive } from "./ws";

/** Without an answer of Firestore for so long, the API is followed. */
const PATIENCE = 3_000;
const FIRST_DELAY = 500;
const LONGEST_DELAY = 60_000;
/** What is told of many feeds at once is put in order before it is shown. */
const GATHER = 5;
/** Nobody listens in Firestore here, or this person is in too many sectors. */
const NOT_FOR_US = new Set([404, 409]);

export function firestoreLive(firebase: Firebase, feed: () => WsLive): Live {
  return new FirestoreLive(() => new FirestoreSource(firebase), feed);
}

export class FirestoreLive extends LiveEmitter implements Live {
  state: LiveState = "connecting";
  detour = false;
  private running = false;
  private readonly progress = new Progress();
  private waiting: LiveEvent[] = [];
  private working = false;
  private gather: ReturnType<typeof setTimeout> | undefined;
  private feeds = new Map<string, { synced: boolean; stop: () => void }>();
  private source: Source | null = null;
  private other: WsLive | null = null;
  private attempts = 0;
  private connecting = false;
  private changed = false;
  /** The server wants us to follow its own feed: nothing is wrong. */
  private planned = false;
  /** When Firestore was last known to be listened to. */
  private syncedAt: number | null = null;
  private replay = Number.POSITIVE_INFINITY;
  /** Firestore tells all that it has, and the server cannot write there. */
  private late = false;
  private readonly here = new Here(
    (late) => this.hurry(late),
    () => this.running && !this.other && this.become("offline", false),
  );
  private patience: ReturnType<typeof setTimeout> | undefined;
  private renewal: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly open: () => Source,
    private readonly feed: () => WsLive,
  ) {
    super();
  }

  start(since?: string): void {
    if (since !== undefined) this.progress.restart(Number(since));
    if (this.running) return;
    this.running = true;
    this.source = this.open();
    this.here.start();
    addEventListener("online", this.wake);
    void this.connect();
  }

  stop(): void {
    if (!this.running) return;
    this.running = false;
    this.here.stop();
    for (const timer of [this.patience, this.renewal, this.gather]) clearTimeout(timer);
    removeEventListener("online", this.wake);
    this.deafen();
    this.source?.close();
    this.other?.stop();
    this.other = null;
  }

  publish({ attendance_id }: { type: "typing"; attendance_id: string }): void {
    void api.typing(attendance_id).catch(() => {});
  }

  // --- listening

  /** Ask what is ours now, and listen to that; also when rights or the hour end. */
  private async connect(): Promise<void> {
    if (this.connecting) {
      this.changed = true;
      return;
    }
    this.connecting = true;
    this.changed = false;
    clearTimeout(this.renewal);
    this.waitForSync();
    try {
      const grant = await api.liveToken();
      this.planned = false;
      await this.source?.signIn(grant.token);
      if (this.running) this.listen(grant);
    } catch (error) {
      this.refused(error);
    } finally {
      this.connecting = false;
    }
    if (this.changed) void this.connect();
  }

  private listen({ feeds, cursor, expires_at, replay_seconds }: LiveToken): void {
    this.deafen();
    const head = Number(cursor);
    const away = this.syncedAt === null || this.detour ? 0 : Date.now() - this.syncedAt;
    this.replay = replay_seconds * 1000;
    const known = this.progress.cursor;
    if (known !== null && (head < known || away > this.replay)) {
      this.progress.restart(head);
      this.emit("resync");
    }
    this.cover();
    this.progress.begin(head);
    const since = this.progress.safe ?? head;
    for (const name of feeds) {
      const it = { synced: false, stop: () => {} };
      this.feeds.set(name, it);
      const heard = (what: Heard) => this.feeds.get(name) === it && this.hear(it, what);
      const failed = () => this.feeds.get(name) === it && this.lost();
      it.stop = this.source?.listen(name, since, heard, failed) ?? it.stop;
    }
    const life = new Date(expires_at).getTime() - Date.now();
    // Our clock may be wrong: not at once, and not after the hour that a token has.
    this.renewal = setTimeout(() => void this.connect(), Math.min(Math.max(life * 0.9, 60_000), 3_300_000));
  }

  private hear(feed: { synced: boolean }, { events, synced }: Heard): void {
    feed.synced = synced;
    this.take(events);
    if (!this.settle()) this.waitForSync();
  }

  /** Whether all is told by Firestore itself; then nobody else has to. */
  private settle(): boolean {
    this.note();
    const all = !this.late && this.synced;
    if (all) this.direct();
    return all;
  }

  private get synced(): boolean {
    const feeds = [...this.feeds.values()];
    return feeds.length > 0 && feeds.every((it) => it.synced);
  }

  private note(): void {
    if (this.synced && !this.working && this.waiting.length === 0) this.progress.rest();
  }

  private deafen(): void {
    for (const it of this.feeds.values()) it.stop();
    this.feeds.clear();
  }

  /** A listener was refused: our rights are others now, or over. */
  private lost(): void {
    this.deafen();
    this.waitForSync();
    this.again();
  }

  private refused(error: unknown): void {
    if (!this.running) return;
    if (error instanceof ApiError && error.status === 401) {
      this.stop();
      this.emit("denied");
      return;
    }
    this.planned = error instanceof ApiError && NOT_FOR_US.has(error.status);
    this.turnAside();
    if (!this.planned) this.again();
  }

  private again(): void {
    const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.attempts);
    this.attempts += 1;
    clearTimeout(this.renewal);
    this.renewal = setTimeout(() => void this.connect(), longest * (0.5 + Math.random() / 2));
  }

  // --- the other way

  private direct(): void {
    clearTimeout(this.patience);
    this.patience = undefined;
    this.attempts = 0;
    this.syncedAt = Date.now();
    this.cover();
    this.other?.stop();
    this.other = null;
    this.become("online", false);
  }

  private waitForSync(): void {
    if (this.other) return;
    this.patience ??= setTimeout(() => this.turnAside(), PATIENCE);
  }

  private turnAside(): void {
    clearTimeout(this.patience);
    this.patience = undefined;
    if (this.other || !this.running) return;
    const other = this.feed();
    this.other = other;
    other.on("event", (event) => this.tell([event]));
    other.on("state", (state) => this.other === other && this.become(state, true));
    other.on("resync", () => {
      this.progress.restart(Number(other.cursor));
      this.emit("resync");
    });
    other.on("denied", () => {
      this.stop();
      this.emit("denied");
    });
    const { safe } = this.progress;
    other.start(safe === null ? undefined : String(safe));
    this.become(other.state, true);
  }

  private cover(): void {
    if (this.other?.cursor) this.progress.cover(Number(this.other.cursor));
  }

  private hurry(late: boolean): void {
    this.late = late;
    if (late) this.turnAside();
    else if (this.running) this.settle();
  }

  private become(state: LiveState, detour: boolean): void {
    const told = detour && !this.planned;
    if (this.state === state && this.detour === told) return;
    this.state = state;
    this.detour = told;
    this.emit("state", state);
  }

  // --- what is heard

  private take(events: LiveEvent[]): void {
    this.waiting.push(...events);
    if (events.length === 0 || this.working) return;
    this.gather ??= setTimeout(() => void this.work(), GATHER);
  }

  private async work(): Promise<void> {
    this.gather = undefined;
    this.working = true;
    while (this.waiting.length > 0 && this.running) {
      this.cover();
      const events = this.waiting.filter((it) => this.progress.isNew(it));
      this.waiting = [];
      const once = [...new Map(events.map((it) => [it.cursor, it])).values()];
      once.sort((one, other) => Number(one.cursor) - Number(other.cursor));
      try {
        this.tell(await complete(once));
        if (this.state === "offline") this.settle();
      } catch {
        // The API is away: nothing is lost, only later.
        this.waiting.unshift(...once);
        if (!this.other) this.become("offline", false);
        await new Promise((resolve) => setTimeout(resolve, FIRST_DELAY));
      }
    }
    this.working = false;
    this.note();
  }

  private tell(events: LiveEvent[]): void {
    for (const event of events) {
      const told = this.progress.tell(event);
      if (told === "event") this.emit("event", event);
      if (told === "resync") this.emit("resync");
      if (told && event.event === "team.changed.v1") void this.connect();
    }
  }

  /** The network is back: do not sit out the back-off. */
  private readonly wake = (): void => {
    this.attempts = 0;
    this.here.beat();
    if (this.feeds.size === 0) void this.connect();
  };
}
