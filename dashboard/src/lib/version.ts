// After a deploy the old page's chunks may be gone: offer a reload instead of a white page.
import { useSyncExternalStore } from "react";

let outdated = false;
const listeners = new Set<() => void>();

export function watchForNewVersion(): void {
  addEventListener("vite:preloadError", () => {
    outdated = true;
    for (const listener of listeners) listener();
  });
}

export function useOutdated(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => outdated,
  );
}
