// Sends what is pending, in order within each attendance, until the server has it or refuses it.
import { ApiError, api, OfflineError } from "../api";
import type { Message, Quote } from "../api/types";
import { type OutboxEntry, readEntries, removeEntry, writeEntry } from "./entries";

export interface Outgoing {
  attendance_id: string;
  kind: "reply" | "note";
  text: string;
  quote: Quote | null;
}

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
  sawOwn(message: { id: string; attendance_id: string; text: string; direction: string }): void {
    const entry = this.of(message.attendance_id).find(
      (one) =>
        one.state === "pending" && !one.seen && one.text === message.text && one.kind === message.direction,
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
  const { attendance_id: id, text, quote } = entry;
  if (entry.kind === "note") return api.note(id, text, entry.id);
  return api.reply(id, quote ? { text, quote: quote.id } : { text }, entry.id);
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
