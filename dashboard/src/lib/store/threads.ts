// The messages of one attendance, oldest to newest, as far back as they were loaded.
import type { Delivery, Message } from "../api/types";

export interface Thread {
  items: Message[];
  /** Position to pass as `before` for the page above, null at the beginning of the history. */
  older: string | null;
  status: "idle" | "loading" | "ready" | "error";
}

export const EMPTY_THREAD: Thread = { items: [], older: null, status: "idle" };

const RANK: Record<Delivery, number> = { queued: 0, unknown: 1, sent: 2, failed: 3, delivered: 4, read: 5 };

/** Delivery only moves forward within an attempt, whichever of REST and feed came last. */
export function newer(known: Message, other: Message): Message {
  if (other.attempt !== known.attempt) return other.attempt > known.attempt ? other : known;
  if (!known.delivery || !other.delivery) return other;
  return RANK[other.delivery] >= RANK[known.delivery] ? other : known;
}

/** Puts messages in their places by position; what is known already is replaced by what is newer. */
export function merge(items: Message[], added: Message[]): Message[] {
  if (added.length === 0) return items;
  const byId = new Map(items.map((item) => [item.id, item]));
  let appendOnly = true;
  let last = items.at(-1)?.position ?? -1;
  for (const message of added) {
    const known = byId.get(message.id);
    byId.set(message.id, known ? newer(known, message) : message);
    if (!known && message.position < last) appendOnly = false;
    last = Math.max(last, message.position);
  }
  const merged = [...byId.values()];
  return appendOnly ? merged : merged.sort((a, b) => a.position - b.position);
}

/** True when a message between the last known one and `position` has not been seen. */
export function hasGap(items: Message[], position: number): boolean {
  const last = items.at(-1);
  return last !== undefined && position > last.position + 1;
}
