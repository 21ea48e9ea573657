// The simulator's half of the API: the phones and the line between them and the helpdesk.
import { get, patch, post, put, request } from "@/lib/api/http";

export interface PhoneMessage {
  id: string;
  seq: number;
  direction: "out" | "in";
  kind: string;
  text: string;
  quote: { id: string; text: string } | string | null;
  delivery: "pending" | "sent" | "delivered" | "read";
  at: string;
}

export interface PhonePage {
  items: PhoneMessage[];
  next: null;
  seq: number;
  typing: boolean;
}

export interface Person {
  phone: string;
  name: string;
  last: { text: string; at: string } | string | null;
  unread: number;
  online?: boolean;
}

export interface LineState {
  session_id: string;
  state: string;
  network: boolean;
  latency_ms: number;
  qr: boolean;
  fail_next: number;
  duplicate_next: number;
  reorder_next: number;
}

export type LineChange = Partial<Omit<LineState, "session_id" | "state" | "qr">>;

const of = (phone: string) => `/simulator/phones/${phone}`;

export const simulator = {
  people: () => get<{ items: Person[] }>("/simulator/phones"),
  put: (phone: string, change: { name?: string; online?: boolean }) => put<Person>(of(phone), change),
  write: (phone: string, body: { text: string; quote?: string; name?: string }) =>
    post<PhoneMessage>(`${of(phone)}/messages`, body, crypto.randomUUID()),
  messages: (phone: string, after: number, wait: number, signal: AbortSignal) =>
    get<PhonePage>(`${of(phone)}/messages`, { after, wait }, signal),
  read: (phone: string) => request<void>(`${of(phone)}/read`, { method: "POST" }),
  typing: (phone: string, typing: boolean) => post<void>(`${of(phone)}/typing`, { typing }),
  state: () => get<LineState>("/simulator/state"),
  change: (change: LineChange) => patch<LineState>("/simulator/state", change),
  scan: () => request<void>("/simulator/scan", { method: "POST" }),
  unlink: () => request<void>("/simulator/unlink", { method: "POST" }),
};
