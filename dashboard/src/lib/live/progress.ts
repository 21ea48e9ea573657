// How far the feed was heard, when it comes in many feeds at once, and now and then by another way.
import type { LiveEvent } from "./types";

/** Cursors that are remembered, so that what comes by two ways or in two feeds is told once. */
const REMEMBERED = 5_000;
const RESYNC = "resync";

export class Progress {
  /** The highest cursor that was told; before it some may be missing. */
  cursor: number | null = null;
  /** Up to here nothing is missing. */
  safe: number | null = null;
  /** Up to here another way told everything. */
  private covered = 0;
  private readonly told = new Set<string>();

  begin(cursor: number): void {
    this.cursor ??= cursor;
    this.safe ??= cursor;
  }

  /** Forget what was: the state is fetched anew. */
  restart(cursor: number): void {
    this.cursor = cursor;
    this.safe = cursor;
    this.covered = 0;
  }

  /** Nothing waits to be told, and no feed is behind. */
  rest(): void {
    this.safe = this.cursor;
  }

  cover(cursor: number): void {
    this.covered = Math.max(this.covered, cursor);
    this.safe = Math.max(this.safe ?? 0, this.covered);
  }

  isNew({ cursor }: LiveEvent): boolean {
    return !this.told.has(cursor) && Number(cursor) > this.covered;
  }

  /** What to tell of it, if anything: one that comes after a later one would undo what that said. */
  tell(event: LiveEvent): "event" | "resync" | null {
    if (this.told.has(event.cursor)) return null;
    this.told.add(event.cursor);
    if (this.told.size > REMEMBERED) this.told.delete(this.told.values().next().value as string);
    const cursor = Number(event.cursor);
    const late = this.cursor !== null && cursor <= this.cursor;
    this.cursor = Math.max(this.cursor ?? 0, cursor);
    return event.event === RESYNC || late ? "resync" : "event";
  }
}
