// Sends what is pending, in order within each attendance, until the server has it or refuses it.
import { ApiError, api, OfflineError } from "../api";
import type { Message } from "../api/types";
import { kindOf, type OutboxEntry, type Outgoing, readEntries, removeEntry, writeEntry } from "./entries";

const NONE: OutboxEntry[] = [];
/** A server that says "later" is asked again this often before the attendant is. */
const PATIENCE = 3;
const OFFLINE_PAUSE = 3_000;

export class Outbox {
  private entries: OutboxEntry[];
  private byAttendance = new Map<string, OutboxEntry[]>();
  private readonly listeners = new Set<() => void>();
  private readonly busy = new Set<string>();
  private stopped = false;

  constructor(
    private readonly owner: string,
    private readonly accepted: (message: Message) => void,
  ) {
    this.entries = readEntries(owner);
    this.index();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  of(attendanceId: string): OutboxEntry[] {
    return this.byAttendance.get(attendanceId) ?? NONE;
  }

  add(outgoing: Outgoing): OutboxEntry {
    const at = new Date().toISOString();
    const entry: OutboxEntry = { ...outgoing, id: crypto.randomUUID(), at, state: "pending", failure: null };
    this.save(entry);
    void this.drain(entry.attendance_id);
    return entry;
  }

  retry(id: string): void {
    const entry = this.entries.find((one) => one.id === id);
    if (!entry) return;
    this.save({ ...entry, state: "pending", failure: null });
    void this.drain(entry.attendance_id);
  }

  discard(id: string): void {
    removeEntry(this.owner, id);
    this.entries = this.entries.filter((one) => one.id !== id);
    this.changed();
  }

  /** After a reload or when the connection is back. */
  resume(): void {
    for (const id of this.byAttendance.keys()) void this.drain(id);
  }

  /** The feed may bring our own message before the answer does: show one of the two. */
  sawOwn(message: Pick<Message, "id" | "attendance_id" | "kind" | "text" | "direction">): void {
    const same = (one: OutboxEntry) =>
      one.kind === message.direction && kindOf(one) === message.kind && one.text === message.text;
    const entry = this.of(message.attendance_id).find(
      (one) => one.state === "pending" && !one.seen && same(one),
    );
    if (entry) this.save({ ...entry, seen: message.id });
  }

  stop(): void {
    this.stopped = true;
  }

  private async drain(attendanceId: string): Promise<void> {
    if (this.busy.has(attendanceId)) return;
    this.busy.add(attendanceId);
    try {
      for (
        let entry = this.pending(attendanceId);
        entry && !this.stopped;
        entry = this.pending(attendanceId)
      ) {
        await this.deliver(entry);
      }
    } finally {
      this.busy.delete(attendanceId);
    }
  }

  private pending(attendanceId: string): OutboxEntry | undefined {
    return this.of(attendanceId).find((entry) => entry.state === "pending");
  }

  private async deliver(entry: OutboxEntry): Promise<void> {
    for (let tries = 1; !this.stopped; ) {
      try {
        const message = await send(entry);
        this.accepted(message);
        this.discard(entry.id);
        return;
      } catch (error) {
        if (error instanceof OfflineError) await pause(OFFLINE_PAUSE);
        else if (error instanceof ApiError && error.retryAfter !== null && tries < PATIENCE) {
          tries += 1;
          await pause(Math.min(error.retryAfter, 10) * 1_000);
        } else {
          this.fail(entry, error);
          return;
        }
      }
    }
  }

  private fail(entry: OutboxEntry, error: unknown): void {
    const code = error instanceof ApiError ? error.code : "unexpected";
    const now = this.entries.find((one) => one.id === entry.id);
    if (now) this.save({ ...now, state: "failed", failure: code });
  }

  private save(entry: OutboxEntry): void {
    writeEntry(this.owner, entry);
    const known = this.entries.some((one) => one.id === entry.id);
    this.entries = known
      ? this.entries.map((one) => (one.id === entry.id ? entry : one))
      : [...this.entries, entry];
    this.changed();
  }

  private changed(): void {
    this.index();
    for (const listener of this.listeners) listener();
  }

  private index(): void {
    const next = new Map<string, OutboxEntry[]>();
    for (const entry of this.entries) {
      next.set(entry.attendance_id, [...(next.get(entry.attendance_id) ?? []), entry]);
    }
    this.byAttendance = next;
  }
}

function send(entry: OutboxEntry): Promise<Message> {
  const { attendance_id: id, text, location, contacts, quote } = entry;
  if (entry.kind === "note") return api.note(id, text, entry.id);
  const said = location ? { location } : contacts ? { contacts } : { text };
  return api.reply(id, quote ? { ...said, quote: quote.id } : said, entry.id);
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
