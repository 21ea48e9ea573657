import { useEffect, useState } from "react";
import { type PhoneMessage, simulator } from "./api";

const WAIT_SECONDS = 25;
const PAUSE_AFTER_FAILURE = 1_500;

export interface PhoneThread {
  messages: PhoneMessage[];
  typing: boolean;
  failing: boolean;
}

const EMPTY: PhoneThread = { messages: [], typing: false, failing: false };

/** One long poll after the other: the answer comes the moment something is new or changed. */
export function useMessages(phone: string | null): PhoneThread {
  const [thread, setThread] = useState<PhoneThread>(EMPTY);
  useEffect(() => {
    setThread(EMPTY);
    if (!phone) return;
    const stop = new AbortController();
    void poll(phone, stop.signal, setThread);
    return () => stop.abort();
  }, [phone]);
  return thread;
}

type Setter = (change: (before: PhoneThread) => PhoneThread) => void;

async function poll(phone: string, signal: AbortSignal, set: Setter): Promise<void> {
  let after = 0;
  let wait = 0;
  while (!signal.aborted) {
    try {
      const page = await simulator.messages(phone, after, wait, signal);
      after = page.seq;
      wait = WAIT_SECONDS;
      set((before) => ({
        messages: merge(before.messages, page.items),
        typing: page.typing,
        failing: false,
      }));
    } catch {
      if (signal.aborted) return;
      set((before) => ({ ...before, failing: true }));
      await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_FAILURE));
    }
  }
}

function merge(known: PhoneMessage[], added: PhoneMessage[]): PhoneMessage[] {
  if (added.length === 0) return known;
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of added) byId.set(message.id, message);
  // As the phone got them: a message that was delivered late is shown late only if its time says so.
  return [...byId.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
