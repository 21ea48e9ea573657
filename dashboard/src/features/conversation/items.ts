// What the conversation shows, from top to bottom: days, the divider, messages, and what is still being sent.
import type { Message } from "@/lib/api/types";
import { dayKey } from "@/lib/i18n/time";
import type { OutboxEntry } from "@/lib/outbox/entries";
import type { UploadEntry } from "@/lib/outbox/uploads";

export type Item =
  | { type: "beginning"; key: string }
  | { type: "day"; key: string; at: string }
  | { type: "new"; key: string }
  | { type: "message"; key: string; message: Message; joined: boolean }
  | { type: "outgoing"; key: string; entry: OutboxEntry }
  | { type: "upload"; key: string; entry: UploadEntry };

/** Messages of one author within this time stand together under one name. */
const TOGETHER = 5 * 60_000;

export interface Sources {
  messages: Message[];
  outgoing: OutboxEntry[];
  uploads: UploadEntry[];
  complete: boolean;
  /** Position of the first message that was unread when the conversation was opened. */
  newFrom: number | null;
}

export function itemsOf({ messages, outgoing, uploads, complete, newFrom }: Sources): Item[] {
  const items: Item[] = complete && messages.length > 0 ? [{ type: "beginning", key: "beginning" }] : [];
  // How the oldest message looks depends on the one before it, which is not here yet. It waits for that page:
  // a bubble that changes its height above the fold would make what is being read jump.
  let before: Message | null = complete ? null : (messages[0] ?? null);
  let divided = newFrom === null;
  for (const message of complete ? messages : messages.slice(1)) {
    const newDay = !before || dayKey(before.at) !== dayKey(message.at);
    if (newDay) items.push({ type: "day", key: `day ${dayKey(message.at)}`, at: message.at });
    const divide = !divided && message.position >= (newFrom as number);
    if (divide) items.push({ type: "new", key: "new" });
    divided ||= divide;
    const joined = !newDay && !divide && before !== null && belongTogether(before, message);
    items.push({ type: "message", key: message.id, message, joined });
    before = message;
  }
  const known = new Set(messages.map((message) => message.id));
  const unsent: Item[] = [
    ...outgoing.map((entry) => ({ type: "outgoing" as const, key: entry.id, entry })),
    ...uploads.map((entry) => ({ type: "upload" as const, key: entry.id, entry })),
  ].sort((a, b) => (a.entry.at < b.entry.at ? -1 : 1));
  for (const item of unsent) {
    // The feed was faster than the answer: the message itself is already there.
    const seen = "entry" in item ? item.entry.seen : undefined;
    if (!seen || !known.has(seen)) items.push(item);
  }
  return items;
}

function belongTogether(a: Message, b: Message): boolean {
  const near = Date.parse(b.at) - Date.parse(a.at) < TOGETHER;
  return near && a.direction === b.direction && a.author?.id === b.author?.id && isAsked(a) === isAsked(b);
}

/** A request for feedback is the house's, whoever finished. */
const isAsked = (message: Message) => message.kind === "feedback_request";

/** Where the divider goes: before the last `unread` messages of the client; nowhere if not all are loaded. */
export function firstUnread(messages: Message[], unread: number): number | null {
  if (unread === 0) return null;
  const inbound = messages.filter((message) => message.direction === "inbound");
  return inbound.at(-unread)?.position ?? null;
}
