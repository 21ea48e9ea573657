// The live interface: a WebSocket in the embedded server, something else behind the same words elsewhere.
import type { Attendance, Message, SessionState } from "../api/types";

export type LiveState = "connecting" | "online" | "offline";

export interface AttendanceState
  extends Pick<
    Attendance,
    | "id"
    | "status"
    | "opened_at"
    | "last_message_at"
    | "closed_at"
    | "closed_by"
    | "unread"
    | "last_position"
    | "neglected"
    | "waiting_since"
  > {
  client_id: string;
  session_id: string;
  sector_id: string;
  attendant_id: string | null;
  /** When the client last wrote to the number. */
  heard_at: string | null;
}

/** A message as events carry it: ids where the API has names. */
export interface EventMessage extends Omit<Message, "author" | "quote"> {
  author: { id: string } | null;
  quote: { id: string } | null;
}

export interface Payload {
  attendance?: AttendanceState;
  message?: EventMessage;
  attendance_id?: string;
  typing?: boolean;
  client_id?: string;
  merged_id?: string;
  session_id?: string;
  state?: SessionState;
  reason?: string | null;
  since?: string;
  attendant_id?: string;
  online?: boolean;
  away?: boolean;
  /** What could not be done to the message, why, and who asked for it. */
  verb?: "edit" | "react" | "revoke";
  failure?: Message["failure"];
  by?: string | null;
}

export interface LiveEvent {
  cursor: string;
  event: string;
  at: string;
  payload: Payload;
}

export interface LiveListeners {
  event: (event: LiveEvent) => void;
  state: (state: LiveState) => void;
  /** Events were missed for good: fetch again what is on the screen. */
  resync: () => void;
  /** The server wants a new sign-in. */
  denied: () => void;
}

export interface Live {
  readonly state: LiveState;
  /** Events come by another way than the one that was meant; told with the state. */
  readonly detour: boolean;
  start(since?: string): void;
  stop(): void;
  on<Name extends keyof LiveListeners>(name: Name, callback: LiveListeners[Name]): () => void;
  publish(signal: { type: "typing"; attendance_id: string }): void;
}
