import { LiveEmitter } from "./emitter";
import type { Live, LiveEvent, LiveState, Payload } from "./types";

/** A feed that says what a test makes it say. */
export class FakeLive extends LiveEmitter implements Live {
  state: LiveState = "connecting";
  detour = false;
  readonly published: unknown[] = [];
  private said = 0;

  start(): void {
    this.become("online");
  }

  stop(): void {
    this.become("offline");
  }

  publish(signal: unknown): void {
    this.published.push(signal);
  }

  become(state: LiveState): void {
    this.state = state;
    this.emit("state", state);
  }

  say(event: string, payload: Payload): void {
    this.said += 1;
    const whole: LiveEvent = { cursor: String(this.said), event, payload, at: new Date().toISOString() };
    this.emit("event", whole);
  }

  resync(): void {
    this.emit("resync");
  }
}
