// The simulator's half of the API: the phones and the line between them and the helpdesk.
import { get, patch, post, put, request } from "@/lib/api/http";
import type {
  ContactCard,
  LineChange,
  LineState,
  Location,
  MediaKind,
  PhoneMessage,
  PhonePage,
  PhonePerson,
} from "@/lib/api/types";
import { upload } from "@/lib/api/upload";

export type { LineChange, LineState, PhoneMessage, PhonePage, PhonePerson as Person };

const of = (phone: string) => `/simulator/phones/${phone}`;

export interface FileFromPhone {
  file: File;
  kind: MediaKind;
  caption?: string;
  quote?: string;
  name?: string;
}

export const simulator = {
  people: () => get<{ items: PhonePerson[] }>("/simulator/phones"),
  put: (phone: string, change: { name?: string; online?: boolean }) => put<PhonePerson>(of(phone), change),
  write: (phone: string, body: { text: string; quote?: string; name?: string; hours_ago?: number }) =>
    post<PhoneMessage>(`${of(phone)}/messages`, body, crypto.randomUUID()),
  send: (phone: string, body: { location?: Location; contacts?: ContactCard[]; name?: string }) =>
    post<PhoneMessage>(`${of(phone)}/messages`, body, crypto.randomUUID()),
  sendFile: (phone: string, it: FileFromPhone, onProgress: (share: number) => void) => {
    const form = new FormData();
    for (const field of ["name", "quote", "kind", "caption"] as const) {
      if (it[field]) form.set(field, it[field]);
    }
    form.set("file", it.file, it.file.name);
    return upload<PhoneMessage>(`${of(phone)}/messages`, form, { key: crypto.randomUUID(), onProgress });
  },
  messages: (phone: string, after: number, wait: number, signal: AbortSignal) =>
    get<PhonePage>(`${of(phone)}/messages`, { after, wait }, signal),
  read: (phone: string) => request<void>(`${of(phone)}/read`, { method: "POST" }),
  typing: (phone: string, typing: boolean) => post<void>(`${of(phone)}/typing`, { typing }),
  state: () => get<LineState>("/simulator/state"),
  change: (change: LineChange) => patch<LineState>("/simulator/state", change),
  scan: () => request<void>("/simulator/scan", { method: "POST" }),
  unlink: () => request<void>("/simulator/unlink", { method: "POST" }),
};
