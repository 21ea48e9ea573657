// Sends files one after the other within an attendance, so that they arrive in the order in which they were chosen.
import { ApiError, api, OfflineError } from "../api";
import type { MediaKind, Message, Quote } from "../api/types";
import { CancelledError } from "../api/upload";

export interface UploadEntry {
  /** Doubles as the Idempotency-Key: sending it twice makes one message. */
  id: string;
  attendance_id: string;
  file: File;
  kind: MediaKind;
  url: string;
  caption: string;
  quote: Quote | null;
  at: string;
  state: "waiting" | "sending" | "failed";
  /** From 0 to 1. */
  progress: number;
  failure: string | null;
  /** The message that the feed brought before the answer to our request. */
  seen?: string;
}

export type NewUpload = Pick<UploadEntry, "attendance_id" | "file" | "kind" | "url" | "caption" | "quote">;

const NONE: UploadEntry[] = [];
const OFFLINE_PAUSE = 3_000;
const PATIENCE = 3;

export class Uploads {
  private entries: UploadEntry[] = [];
  private byAttendance = new Map<string, UploadEntry[]>();
  private readonly listeners = new Set<() => void>();
  private readonly busy = new Set<string>();
  private readonly cancels = new Map<string, () => void>();

  constructor(private readonly accepted: (message: Message) => void) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  of(attendanceId: string): UploadEntry[] {
    return this.byAttendance.get(attendanceId) ?? NONE;
  }

  get unfinished(): number {
    return this.entries.length;
  }

  add(upload: NewUpload): void {
    const at = new Date().toISOString();
    const id = crypto.randomUUID();
    this.set([...this.entries, { ...upload, id, at, state: "waiting", progress: 0, failure: null }]);
    void this.drain(upload.attendance_id);
  }

  retry(id: string): void {
    const entry = this.entries.find((one) => one.id === id);
    if (!entry) return;
    this.change(id, { state: "waiting", progress: 0, failure: null });
    void this.drain(entry.attendance_id);
  }

  /** Stops it, or forgets one that failed. */
  cancel(id: string): void {
    const entry = this.entries.find((one) => one.id === id);
    if (!entry) return;
    this.set(this.entries.filter((one) => one.id !== id));
    this.cancels.get(id)?.();
    URL.revokeObjectURL(entry.url);
  }

  /** The feed may bring our own message before the answer does: show one of the two. */
  sawOwn(message: { id: string; attendance_id: string; kind: string; text: string }): void {
    const entry = this.of(message.attendance_id).find(
      (one) => one.state === "sending" && !one.seen && one.caption === message.text,
    );
    if (entry && message.kind !== "text") this.change(entry.id, { seen: message.id });
  }

  private async drain(attendanceId: string): Promise<void> {
    if (this.busy.has(attendanceId)) return;
    this.busy.add(attendanceId);
    try {
      for (let next = this.waiting(attendanceId); next; next = this.waiting(attendanceId)) {
        await this.deliver(next);
      }
    } finally {
      this.busy.delete(attendanceId);
    }
  }

  private waiting(attendanceId: string): UploadEntry | undefined {
    return this.of(attendanceId).find((one) => one.state === "waiting");
  }

  private async deliver(entry: UploadEntry): Promise<void> {
    for (let tries = 1; this.entries.some((one) => one.id === entry.id); ) {
      this.change(entry.id, { state: "sending", progress: 0 });
      try {
        this.accepted(await this.send(entry));
        this.cancel(entry.id);
        return;
      } catch (error) {
        if (error instanceof CancelledError) return;
        if (error instanceof OfflineError) await pause(OFFLINE_PAUSE);
        else if (error instanceof ApiError && error.retryAfter !== null && tries < PATIENCE) {
          tries += 1;
          await pause(Math.min(error.retryAfter, 10) * 1_000);
        } else {
          const failure = error instanceof ApiError ? error.code : "unexpected";
          this.change(entry.id, { state: "failed", failure });
          return;
        }
      }
    }
  }

  private async send(entry: UploadEntry): Promise<Message> {
    const { done, cancel } = api.sendFile(entry, (progress) => this.change(entry.id, { progress }));
    this.cancels.set(entry.id, cancel);
    try {
      const { items } = await done;
      return items[0] as Message;
    } finally {
      this.cancels.delete(entry.id);
    }
  }

  private change(id: string, change: Partial<UploadEntry>): void {
    this.set(this.entries.map((one) => (one.id === id ? { ...one, ...change } : one)));
  }

  private set(entries: UploadEntry[]): void {
    this.entries = entries;
    const next = new Map<string, UploadEntry[]>();
    for (const one of entries) next.set(one.attendance_id, [...(next.get(one.attendance_id) ?? []), one]);
    this.byAttendance = next;
    for (const listener of this.listeners) listener();
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
