// Keeps the board and the server in step: pages of lists and threads, rows that events name, counts.
import type { QueryClient } from "@tanstack/react-query";
import { ApiError, api } from "../api";
import type { Live, LiveEvent } from "../live/types";
import { applyEvent, type Fetcher, isOurs } from "./apply";
import type { Board } from "./board";
import { namesFrom } from "./names";
import { refreshQueries } from "./refresh";
import { filterOf, type Tab, viewKey } from "./views";

/** Events within this window are written together: one render for a burst. */
const COALESCE = 100;
/** Under a storm of events the counts are asked for at most this often. */
const COUNTS_EVERY = 1_000;
const CLIENT_CHANGED = new Set(["client.changed.v1", "client.merged.v1"]);

export class Sync implements Fetcher {
  private queue: LiveEvent[] = [];
  private flushTimer: ReturnType<typeof setTimeout> | undefined;
  private flushedAt = 0;
  /** Something was read while no feed had ever been open: what happened in between is unknown. */
  private loadedBlind = false;
  private countsTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly asking = new Map<string, { promise: Promise<void>; again: boolean }>();

  constructor(
    readonly board: Board,
    private readonly queries: QueryClient,
    private readonly live: Live,
  ) {
    live.on("event", (event) => this.enqueue(event));
    live.on("resync", () => this.refetchAll());
    live.on("state", (state) => {
      if (state !== "online" || !this.loadedBlind) return;
      this.loadedBlind = false;
      this.refetchAll();
    });
  }

  // --- from the feed

  private enqueue(event: LiveEvent): void {
    this.queue.push(event);
    if (this.flushTimer !== undefined) return;
    // The first event after a quiet moment is shown at once.
    const wait = Math.max(0, this.flushedAt + COALESCE - Date.now());
    this.flushTimer = setTimeout(() => this.flush(), wait);
  }

  private flush(): void {
    this.flushTimer = undefined;
    this.flushedAt = Date.now();
    const events = this.queue;
    this.queue = [];
    const names = namesFrom(this.queries);
    this.board.topics.batch(() => {
      for (const event of events) applyEvent(this.board, names, this, event);
    });
    const seen = events.filter(
      ({ payload }) => !payload.attendance || isOurs(this.board, payload.attendance),
    );
    refreshQueries(this.queries, seen);
    for (const event of events) {
      if (CLIENT_CHANGED.has(event.event)) this.clientChanged(event.payload);
    }
    if (events.some((event) => event.payload.attendance)) this.askCounts();
  }

  private clientChanged({ client_id, merged_id }: LiveEvent["payload"]): void {
    for (const row of this.board.rows.values()) {
      if (row.client.id === client_id || row.client.id === merged_id) this.attendance(row.id);
    }
  }

  askCounts(): void {
    if (this.countsTimer !== undefined) return;
    this.countsTimer = setTimeout(() => {
      this.countsTimer = undefined;
    }, COUNTS_EVERY);
    void this.queries.invalidateQueries({ queryKey: ["counts"] });
    // Once more at the end of the window, for what came in meanwhile.
    setTimeout(() => this.queries.invalidateQueries({ queryKey: ["counts"] }), COUNTS_EVERY);
  }

  refetchAll(): void {
    for (const view of this.board.views.values()) {
      if (view.status !== "idle") void this.loadView(view.tab, view.sector);
    }
    for (const id of this.board.threadIds()) void this.loadTail(id);
    void this.queries.invalidateQueries();
  }

  // --- lists

  loadView(tab: Tab, sector: string): Promise<void> {
    return this.page(tab, sector, null);
  }

  loadMore(tab: Tab, sector: string): Promise<void> {
    const { next } = this.board.view(tab, sector);
    return next === null ? Promise.resolve() : this.page(tab, sector, next);
  }

  private page(tab: Tab, sector: string, cursor: string | null): Promise<void> {
    const key = viewKey(tab, sector);
    return this.once(`view:${key}:${cursor}`, async () => {
      const { board } = this;
      const asked = board.now();
      if (this.live.state === "connecting") this.loadedBlind = true;
      const view = board.view(tab, sector);
      if (view.status !== "ready") board.setView(key, { ...view, status: "loading" });
      try {
        const page = await api.attendances({ ...filterOf(tab, sector), cursor });
        board.addPage(tab, sector, page, { asked, first: cursor === null });
      } catch {
        const now = board.view(tab, sector);
        if (now.status !== "ready") board.setView(key, { ...now, status: "error" });
      }
    });
  }

  // --- one attendance

  attendance(id: string): void {
    void this.loadAttendance(id).catch(() => {});
  }

  /** Throws an `ApiError` when it is not there or not ours to see. */
  loadAttendance(id: string): Promise<void> {
    const work = async () => {
      const asked = this.board.now();
      try {
        const row = await api.attendance(id);
        if (!this.board.row(id) || !this.board.writtenSince(id, asked)) this.board.put(row);
        else this.attendance(id);
      } catch (error) {
        if (error instanceof ApiError && (error.status === 403 || error.status === 404))
          this.board.forget(id);
        throw error;
      }
    };
    return this.once(`attendance:${id}`, work, true);
  }

  // --- messages

  tail(id: string): void {
    void this.loadTail(id);
  }

  /** The newest page; when it does not reach what we have, older knowledge is let go rather than left with a hole. */
  loadTail(id: string): Promise<void> {
    const work = async () => {
      const { board } = this;
      const before = board.thread(id);
      if (before.status !== "ready") board.setThread(id, { status: "loading" });
      try {
        const page = await api.messages(id);
        const thread = board.thread(id);
        const last = before.items.at(-1)?.position ?? -1;
        const first = page.items[0]?.position ?? 0;
        if (thread.status === "ready" && first <= last + 1) {
          board.putMessages(id, page.items);
          return;
        }
        const since = thread.items.filter((item) => item.position > last);
        board.setThread(id, { items: [], older: page.next, status: "ready" });
        board.putMessages(id, [...page.items, ...since]);
      } catch {
        if (board.thread(id).status !== "ready") board.setThread(id, { status: "error" });
      }
    };
    return this.once(`tail:${id}`, work, true);
  }

  loadOlder(id: string): Promise<void> {
    const { older } = this.board.thread(id);
    if (older === null) return Promise.resolve();
    return this.once(`older:${id}`, async () => {
      const page = await api.messages(id, older);
      this.board.topics.batch(() => {
        this.board.putMessages(id, page.items);
        this.board.setThread(id, { older: page.next });
      });
    });
  }

  message(id: string, position: number): void {
    void this.once(`message:${id}:${position}`, async () => {
      const page = await api.messages(id, position + 1, 1);
      this.board.putMessages(id, page.items);
    }).catch(() => this.tail(id));
  }

  /**
   * The same question is asked once at a time, however many want the answer.  With `repeat`, a question that
   * came while the answer was under way is asked once more: that answer may be older than the event behind it.
   */
  private once(key: string, work: () => Promise<void>, repeat = false): Promise<void> {
    const known = this.asking.get(key);
    if (known) {
      known.again ||= repeat;
      return known.promise;
    }
    const entry = { again: false, promise: Promise.resolve() };
    const run = async (): Promise<void> => {
      do {
        entry.again = false;
        await work();
      } while (entry.again);
    };
    entry.promise = run().finally(() => this.asking.delete(key));
    this.asking.set(key, entry);
    return entry.promise;
  }

  stop(): void {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    this.live.stop();
  }
}
