// Parts of the page that are fetched when they are first wanted, from a server that may be away for a moment.
import { type ComponentType, type LazyExoticComponent, lazy } from "react";

const PAUSES = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Fetch again after growing pauses, half a minute in all; then it fails as it did the last time. */
export async function patiently<Module>(load: () => Promise<Module>, pauses = PAUSES): Promise<Module> {
  for (const pause of pauses) {
    try {
      return await load();
    } catch {
      await after(pause);
    }
  }
  return load();
}

/** React keeps what `lazy` was told, also a failure: it may only be told of one that lasts. */
// biome-ignore lint/suspicious/noExplicitAny: as React's own
export function lazily<Component extends ComponentType<any>>(
  load: () => Promise<{ default: Component }>,
): LazyExoticComponent<Component> {
  return lazy(() => patiently(load));
}
