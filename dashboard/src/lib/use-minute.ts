// One clock for all that shows "4 min": it ticks twice a minute, and only while somebody looks.
import { useSyncExternalStore } from "react";

const STEP = 30_000;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    for (const one of listeners) one();
  }, STEP);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

export function useMinute(): number {
  return useSyncExternalStore(subscribe, () => now);
}
