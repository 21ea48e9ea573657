// The views of the HTTP API (docs/openapi.json), in the names of the glossary.

export type Role = "admin" | "manager" | "attendant";
export type Delivery = "queued" | "sent" | "delivered" | "read" | "failed" | "unknown";
export type Direction = "inbound" | "reply" | "note";
export type AttendanceStatus = "waiting" | "active" | "closed";
export type SessionState =
  | "stopped"
  | "starting"
  | "qr"
  | "connected"
  | "disconnected"
  | "passkey_required"
  | "logged_out"
  | "banned"
  | "failed";

export interface Named {
  id: string;
  name: string;
}

export interface ClientRef extends Named {
  phone: string | null;
}

export interface Quote {
  id: string;
  text: string;
  direction: Direction;
}

export interface Message {
  id: string;
  attendance_id: string;
  position: number;
  direction: Direction;
  kind: string;
  text: string;
  delivery: Delivery | null;
  failure: { code: string; detail: string } | null;
  attempt: number;
  author: Named | null;
  quote: Quote | null;
  at: string;
}

export interface LastMessage {
  direction: Direction;
  kind: string;
  text: string;
  at: string;
  delivery: Delivery | null;
}

export interface FeedbackScore {
  score: number;
  comment: string;
  at: string;
}

export interface Attendance {
  id: string;
  status: AttendanceStatus;
  client: ClientRef;
  session: Named;
  sector: Named;
  attendant: Named | null;
  opened_by: "client" | "attendant";
  opened_at: string;
  last_message_at: string;
  closed_at: string | null;
  closed_by: "attendant" | "silence" | "merge" | null;
  unread: number;
  last_position: number;
  neglected: boolean;
  last_message: LastMessage | null;
  feedback: FeedbackScore | null;
  waiting_since: string | null;
}

export interface Change {
  at: string;
  kind: "opened" | "assigned" | "transferred" | "released" | "closed" | "rated" | "merged";
  actor: Named | null;
  attendant: Named | null;
  sector: Named | null;
  reason: string | null;
}

export interface Identity {
  kind: "phone" | "lid" | "bsuid" | "username";
  value: string;
}

export interface Client {
  id: string;
  name: string;
  notes: string;
  tags: string[];
  identities: Identity[];
  phone: string | null;
  created_at: string;
}

export interface Attendant {
  id: string;
  name: string;
  email: string;
  role: Role;
  capacity: number;
  sectors: string[];
  active: boolean;
  away: boolean;
  online: boolean;
  open_attendances: number;
}

export interface Sector {
  id: string;
  name: string;
  policy: "manual" | "least_busy";
  is_default: boolean;
  members: string[];
  close_after_seconds: number | null;
  check_every_seconds: number | null;
  when_client_waits: "close" | "warn";
  ask_feedback: boolean;
}

export interface Session {
  id: string;
  name: string;
  bridge: string;
  state: SessionState;
  reason: string | null;
  since: string;
  phone: string | null;
  last_seen: string | null;
  qr: { attempt: number; expires_at: string } | null;
}

export interface Me {
  attendant: Attendant;
  locale: string;
  live: string;
  simulator: boolean;
  version: string;
  capabilities: Record<string, boolean>;
  limits: { text: number };
}

export interface Counts {
  waiting: number;
  mine: number;
  all: number;
  closed: number;
  unread: number;
}

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export interface MessagePage {
  items: Message[];
  /** Position to pass as `before`. */
  next: string | null;
}

export interface Found {
  message: Message;
  attendance: Attendance;
}
