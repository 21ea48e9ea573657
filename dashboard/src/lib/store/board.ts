// The normalised store behind the inbox: rows by id, ordered ids per list, messages per attendance.
// Components subscribe to one topic each; the feed writes here, never into the query cache.
import type { Attendance, Attendant, Message, Page } from "../api/types";
import { EMPTY_THREAD, merge, type Thread } from "./threads";
import { Topics } from "./topics";
import { belongs, compare, emptyView, place, type Tab, type View, viewKey } from "./views";

export class Board {
  readonly topics = new Topics();
  readonly rows = new Map<string, Attendance>();
  readonly views = new Map<string, View>();
  private readonly threads = new Map<string, Thread>();
  private readonly typing = new Map<string, ReturnType<typeof setTimeout>>();
  /** Counts feed writes per row, so that an answer asked for before one of them cannot undo it. */
  private readonly writes = new Map<string, number>();
  private clock = 0;
  me: Attendant | null = null;

  now(): number {
    return this.clock;
  }

  row(id: string): Attendance | undefined {
    return this.rows.get(id);
  }

  /** From the feed or from an action's answer: always newer than what we have. */
  put(row: Attendance): void {
    this.clock += 1;
    this.writes.set(row.id, this.clock);
    this.write(row);
  }

  writtenSince(id: string, asked: number): boolean {
    return (this.writes.get(id) ?? 0) > asked;
  }

  /** From a list or a lookup that was asked for at `asked` (see `now`). */
  putFetched(rows: Attendance[], asked: number): void {
    this.topics.batch(() => {
      for (const row of rows) {
        if (this.rows.has(row.id) && this.writtenSince(row.id, asked)) continue;
        this.write(row);
      }
    });
  }

  private write(row: Attendance): void {
    this.rows.set(row.id, row);
    this.topics.batch(() => {
      this.topics.touch(`row:${row.id}`);
      if (!this.me) return;
      for (const [key, view] of this.views) {
        if (view.status !== "ready") continue;
        const after = place(view, row, this.me, this.rows);
        if (after !== view) this.setView(key, after);
      }
    });
  }

  /** It is gone, or no longer ours to see. */
  forget(id: string): void {
    this.rows.delete(id);
    this.threads.delete(id);
    this.topics.batch(() => {
      this.topics.touch(`thread:${id}`);
      this.topics.touch(`row:${id}`);
      for (const [key, view] of this.views) {
        if (view.ids.includes(id)) this.setView(key, { ...view, ids: view.ids.filter((one) => one !== id) });
      }
    });
  }

  view(tab: Tab, sector: string): View {
    const key = viewKey(tab, sector);
    let view = this.views.get(key);
    if (!view) {
      view = emptyView(tab, sector);
      this.views.set(key, view);
    }
    return view;
  }

  setView(key: string, view: View): void {
    this.views.set(key, view);
    this.topics.touch(`view:${key}`);
  }

  /** A page of a list has come: the first replaces what was there, the others extend it. */
  addPage(
    tab: Tab,
    sector: string,
    page: Page<Attendance>,
    { asked, first }: { asked: number; first: boolean },
  ) {
    this.topics.batch(() => {
      this.putFetched(page.items, asked);
      const ids = new Set(first ? [] : this.view(tab, sector).ids);
      for (const row of page.items) ids.add(row.id);
      const last = page.items.at(-1);
      for (const row of this.rows.values()) {
        // Rows that the feed brought while the page was on its way.
        const inReach = page.next === null || (last !== undefined && compare(tab, row, last) < 0);
        if (inReach && this.writtenSince(row.id, asked)) ids.add(row.id);
      }
      const { me, rows } = this;
      const shown = [...ids].map((id) => rows.get(id)).filter((row) => row !== undefined);
      const ordered = shown
        .filter((row) => me !== null && belongs(row, tab, sector, me))
        .sort((a, b) => compare(tab, a, b))
        .map((row) => row.id);
      this.setView(viewKey(tab, sector), { tab, sector, ids: ordered, next: page.next, status: "ready" });
    });
  }

  thread(id: string): Thread {
    return this.threads.get(id) ?? EMPTY_THREAD;
  }

  hasThread(id: string): boolean {
    return this.threads.has(id);
  }

  setThread(id: string, change: Partial<Thread>): void {
    this.threads.set(id, { ...this.thread(id), ...change });
    this.topics.touch(`thread:${id}`);
  }

  dropThread(id: string): void {
    this.threads.delete(id);
    this.topics.touch(`thread:${id}`);
  }

  threadIds(): string[] {
    return [...this.threads.keys()];
  }

  /** Only into threads that somebody opened: the rest is fetched when needed. */
  putMessages(id: string, messages: Message[]): void {
    const thread = this.threads.get(id);
    if (!thread) return;
    const items = merge(thread.items, messages);
    if (items !== thread.items) this.setThread(id, { items });
  }

  isTyping(id: string): boolean {
    return this.typing.has(id);
  }

  setTyping(id: string, typing: boolean): void {
    const known = this.typing.get(id);
    clearTimeout(known);
    if (!typing && known === undefined) return;
    this.typing.delete(id);
    // WhatsApp repeats "composing" while it lasts and may never say that it stopped.
    if (typing)
      this.typing.set(
        id,
        setTimeout(() => this.setTyping(id, false), 12_000),
      );
    this.topics.touch(`typing:${id}`);
  }

  clear(): void {
    this.rows.clear();
    this.views.clear();
    this.threads.clear();
    this.writes.clear();
    this.me = null;
  }
}
