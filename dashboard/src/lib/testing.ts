// Made-up rows for the unit tests.
import type { Attendance, Attendant, Message } from "./api/types";
import type { AttendanceState, EventMessage } from "./live/types";

const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 12, n)).toISOString();

export const ana: Attendant = {
  id: "ana",
  name: "Ana",
  email: "ana@example.com",
  role: "attendant",
  capacity: 10,
  sectors: ["support"],
  active: true,
  away: false,
  online: true,
  open_attendances: 0,
};

export function attendance(id: string, change: Partial<Attendance> = {}): Attendance {
  const at = change.last_message_at ?? minute(0);
  return {
    id,
    status: "waiting",
    client: { id: `client ${id}`, name: `Client ${id}`, phone: "+5511988880001" },
    session: { id: "main", name: "Main" },
    sector: { id: "support", name: "Support" },
    attendant: null,
    opened_by: "client",
    opened_at: at,
    last_message_at: at,
    closed_at: null,
    closed_by: null,
    unread: 1,
    last_position: 1,
    neglected: false,
    last_message: null,
    feedback: null,
    waiting_since: at,
    window_closes_at: null,
    ...change,
  };
}

export function stateOf(row: Attendance, change: Partial<AttendanceState> = {}): AttendanceState {
  const { client, session, sector, attendant, opened_by, last_message, feedback, window_closes_at, ...rest } =
    row;
  return {
    ...rest,
    client_id: client.id,
    session_id: session.id,
    sector_id: sector.id,
    attendant_id: attendant?.id ?? null,
    heard_at: null,
    ...change,
  };
}

export function message(position: number, change: Partial<Message> = {}): Message {
  return {
    id: `message ${position}`,
    attendance_id: "one",
    position,
    direction: "inbound",
    kind: "text",
    text: `text ${position}`,
    media: null,
    location: null,
    contacts: [],
    template: null,
    delivery: null,
    failure: null,
    attempt: 1,
    author: null,
    quote: null,
    at: minute(position),
    reactions: [],
    edited_at: null,
    revoked_at: null,
    ...change,
  };
}

export function eventMessage(position: number, change: Partial<EventMessage> = {}): EventMessage {
  const { author, quote, ...rest } = message(position);
  return { ...rest, author: author && { id: author.id }, quote: quote && { id: quote.id }, ...change };
}

export { minute };
