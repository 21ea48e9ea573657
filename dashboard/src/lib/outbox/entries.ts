// What was typed and is not yet the server's: one storage key per entry, so that tabs never overwrite one another.
// localStorage and not IndexedDB: it is written before the keypress returns, so that nothing is lost to a reload.
import type { ContactCard, Location, Message, Quote } from "../api/types";

export interface Outgoing {
  attendance_id: string;
  kind: "reply" | "note";
  text: string;
  quote: Quote | null;
  /** A place or a card instead of the text, which is empty then. */
  location?: Location;
  contacts?: ContactCard[];
}

export interface OutboxEntry extends Outgoing {
  /** Doubles as the Idempotency-Key: sending it twice makes one message. */
  id: string;
  at: string;
  state: "pending" | "failed";
  failure: string | null;
  /** The message that the feed brought before the answer to our request. */
  seen?: string;
}

const PREFIX = "helpdesk.outbox.";

/** The kind of the message that it becomes. */
export function kindOf({ location, contacts }: Outgoing): Message["kind"] {
  if (location) return "location";
  return contacts ? "contact" : "text";
}

export function readEntries(owner: string): OutboxEntry[] {
  const found: OutboxEntry[] = [];
  for (let index = 0; index < localStorage.length; index += 1) {
    const key = localStorage.key(index);
    if (!key?.startsWith(`${PREFIX}${owner}.`)) continue;
    try {
      found.push(JSON.parse(localStorage.getItem(key) ?? "") as OutboxEntry);
    } catch {
      localStorage.removeItem(key);
    }
  }
  return found.sort((a, b) => (a.at < b.at ? -1 : 1));
}

export function writeEntry(owner: string, entry: OutboxEntry): void {
  localStorage.setItem(`${PREFIX}${owner}.${entry.id}`, JSON.stringify(entry));
}

export function removeEntry(owner: string, id: string): void {
  localStorage.removeItem(`${PREFIX}${owner}.${id}`);
}
