// The simulator's half of the API: the phones and the line between them and the helpdesk.
import { get, patch, post, put, request } from "@/lib/api/http";
import type { LineChange, LineState, PhoneMessage, PhonePage, PhonePerson } from "@/lib/api/types";

export type { LineChange, LineState, PhoneMessage, PhonePage, PhonePerson as Person };

const of = (phone: string) => `/simulator/phones/${phone}`;

export const simulator = {
  people: () => get<{ items: PhonePerson[] }>("/simulator/phones"),
  put: (phone: string, change: { name?: string; online?: boolean }) => put<PhonePerson>(of(phone), change),
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
