import type { LiveListeners } from "./types";

type Sets = { [Name in keyof LiveListeners]: Set<LiveListeners[Name]> };

/** The listening half that every `Live` shares. */
export class LiveEmitter {
  private readonly sets: Sets = { event: new Set(), state: new Set(), resync: new Set(), denied: new Set() };

  on<Name extends keyof LiveListeners>(name: Name, callback: LiveListeners[Name]): () => void {
    this.sets[name].add(callback);
    return () => this.sets[name].delete(callback);
  }

  protected emit<Name extends keyof LiveListeners>(
    name: Name,
    ...args: Parameters<LiveListeners[Name]>
  ): void {
    for (const callback of [...this.sets[name]]) (callback as (...all: typeof args) => void)(...args);
  }
}
