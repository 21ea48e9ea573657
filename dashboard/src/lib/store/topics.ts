/** Who wants to hear of which row: every component subscribes to its own topic and nothing else. */
export class Topics {
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly dirty = new Set<string>();
  private depth = 0;

  subscribe(topic: string, listener: () => void): () => void {
    let set = this.listeners.get(topic);
    if (!set) {
      set = new Set();
      this.listeners.set(topic, set);
    }
    set.add(listener);
    return () => {
      set.delete(listener);
      if (set.size === 0) this.listeners.delete(topic);
    };
  }

  touch(topic: string): void {
    this.dirty.add(topic);
    if (this.depth === 0) this.flush();
  }

  /** Tells every topic at most once, at the end. */
  batch(work: () => void): void {
    this.depth += 1;
    try {
      work();
    } finally {
      this.depth -= 1;
      if (this.depth === 0) this.flush();
    }
  }

  private flush(): void {
    const topics = [...this.dirty];
    this.dirty.clear();
    for (const topic of topics) {
      for (const listener of [...(this.listeners.get(topic) ?? [])]) listener();
    }
  }
}
