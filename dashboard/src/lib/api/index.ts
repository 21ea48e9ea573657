// Every call the dashboard makes, by name.
import { get, patch, post, postEmpty, put, remove } from "./http";
import type {
  Attendance,
  AttendanceStatus,
  Attendant,
  Bridge,
  Change,
  Client,
  Counts,
  DeathReason,
  Device,
  Found,
  Letter,
  LetterWithBody,
  LiveToken,
  Me,
  MediaKind,
  Merge,
  Message,
  MessagePage,
  NewAttendance,
  NewAttendant,
  NewDevice,
  NewSector,
  NewSession,
  Outage,
  Page,
  PairCode,
  Presence,
  PushSettings,
  Replayed,
  Reply,
  Sector,
  SectorChange,
  Session,
  Step,
  Template,
  TemplateChoice,
  TransferTarget,
} from "./types";
import { type Upload, upload } from "./upload";

export * from "./http";
export type * from "./types";

export interface AttendanceFilter {
  status?: AttendanceStatus | "open";
  mine?: boolean;
  sector?: string;
  client?: string;
  cursor?: string | null;
  limit?: number;
}

const of = (id: string) => `/v1/attendances/${id}`;

/** A file that is to be sent; `id` is the key under which it becomes one message. */
export interface FileToSend {
  id: string;
  attendance_id: string;
  file: File;
  kind: MediaKind;
  caption: string;
  quote: { id: string } | null;
}

/** Follows `next` to the end: for lists that are short by nature. */
async function whole<Item>(path: string): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await get(path, { cursor });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return items;
}

export const api = {
  signIn: (email: string, password: string) => post("/v1/sign-in", { email, password }),
  signOut: () => postEmpty("/v1/sign-out"),
  me: () => get<Me>("/v1/me"),
  changeMe: (change: { name?: string; away?: boolean }) => patch<Attendant>("/v1/me", change),
  changePassword: (current: string, next: string) => post("/v1/me/password", { current, new: next }),
  liveToken: () => post<LiveToken>("/v1/live/token"),
  bePresent: (dashboard: string) => put<Presence>(`/v1/me/presence/${dashboard}`, {}),
  leave: (dashboard: string) => remove(`/v1/me/presence/${dashboard}`),
  typing: (attendance: string) => postEmpty(`${of(attendance)}/typing`),
  push: () => get<PushSettings>("/v1/me/push"),
  changePush: (change: { on?: boolean; content?: boolean }) => patch<PushSettings>("/v1/me/push", change),
  addDevice: (body: NewDevice) => post<Device>("/v1/me/push/devices", body),
  removeDevice: (id: string) => remove(`/v1/me/push/devices/${id}`),
  counts: () => get<Counts>("/v1/counts"),

  attendances: (filter: AttendanceFilter) => get<Page<Attendance>>("/v1/attendances", { ...filter }),
  attendance: (id: string) => get<Attendance>(of(id)),
  journey: (message: string) => get<Page<Step>>(`/v1/messages/${message}/journey`),
  history: (id: string) => get<Page<Change>>(`${of(id)}/history`),
  messages: (id: string, before?: string | number | null, limit = 50) =>
    get<MessagePage>(`${of(id)}/messages`, { before, limit }),
  startAttendance: (body: NewAttendance, key: string) =>
    post<{ attendance: Attendance; message: Message }>("/v1/attendances", body, key),
  reply: (id: string, body: Reply, key: string) => post<Message>(`${of(id)}/replies`, body, key),
  sendTemplate: (id: string, template: TemplateChoice, key: string) =>
    post<Message>(`${of(id)}/replies`, { template }, key),
  note: (id: string, text: string, key: string) => post<Message>(`${of(id)}/notes`, { text }, key),
  sendFile: (it: FileToSend, onProgress: (share: number) => void): Upload<Page<Message>> => {
    const form = new FormData();
    if (it.quote) form.set("quote", it.quote.id);
    // What is about a file comes before it.
    form.set("kind", it.kind);
    if (it.caption) form.set("caption", it.caption);
    form.set("file", it.file, it.file.name);
    return upload(`${of(it.attendance_id)}/media`, form, { key: it.id, onProgress });
  },
  fetchMedia: (id: string) => postEmpty(`/v1/media/${id}/fetch`),
  take: (id: string, force = false) => post<Attendance>(`${of(id)}/take`, force ? { force } : {}),
  transfer: (id: string, target: TransferTarget) => post<Attendance>(`${of(id)}/transfer`, target),
  release: (id: string) => post<Attendance>(`${of(id)}/release`),
  close: (id: string, reason?: string) => post<Attendance>(`${of(id)}/close`, reason ? { reason } : {}),
  read: (id: string) => postEmpty(`${of(id)}/read`),
  retry: (messageId: string) => post<Message>(`/v1/messages/${messageId}/retry`),
  react: (messageId: string, emoji: string) => post(`/v1/messages/${messageId}/reaction`, { emoji }),
  edit: (messageId: string, text: string) => post(`/v1/messages/${messageId}/edit`, { text }),
  revoke: (messageId: string) => post(`/v1/messages/${messageId}/revoke`),

  clients: (q: string) => get<Page<Client>>("/v1/clients", { q, limit: 20 }),
  client: (id: string) => get<Client>(`/v1/clients/${id}`),
  changeClient: (id: string, change: { name?: string; notes?: string; tags?: string[] }) =>
    patch<Client>(`/v1/clients/${id}`, change),
  mergeClient: (id: string, otherId: string) =>
    post<Client>(`/v1/clients/${id}/merge`, { other_id: otherId }),
  clientMerges: (id: string) => get<Page<Merge>>(`/v1/clients/${id}/merges`),
  clientAttendances: (id: string) => get<Page<Attendance>>(`/v1/clients/${id}/attendances`),
  search: (q: string, cursor?: string | null) => get<Page<Found>>("/v1/search", { q, cursor, limit: 30 }),

  sectors: () => whole<Sector>("/v1/sectors"),
  createSector: (body: NewSector, key: string) => post<Sector>("/v1/sectors", body, key),
  changeSector: (id: string, change: SectorChange) => patch<Sector>(`/v1/sectors/${id}`, change),
  attendants: () => whole<Attendant>("/v1/attendants"),
  createAttendant: (body: NewAttendant, key: string) => post<Attendant>("/v1/attendants", body, key),
  changeAttendant: (id: string, change: Partial<Attendant>) =>
    patch<Attendant>(`/v1/attendants/${id}`, change),
  setPassword: (id: string, next: string) => post(`/v1/attendants/${id}/password`, { new: next }),

  sessions: () => whole<Session>("/v1/sessions"),
  templates: (id: string) => whole<Template>(`/v1/sessions/${id}/templates`),
  bridges: () => whole<Bridge>("/v1/bridges"),
  createSession: (body: NewSession, key: string) => post<Session>("/v1/sessions", body, key),
  changeSession: (id: string, change: { name?: string; account?: string }) =>
    patch<Session>(`/v1/sessions/${id}`, change),
  removeSession: (id: string) => remove(`/v1/sessions/${id}`),
  askPairCode: (id: string, phone: string) => post(`/v1/sessions/${id}/pair-code`, { phone }),
  pairCode: (id: string) => get<PairCode>(`/v1/sessions/${id}/pair-code`),
  outages: (id: string) => whole<Outage>(`/v1/sessions/${id}/outages`),
  logout: (id: string) => post(`/v1/sessions/${id}/logout`),

  letters: (filter: { reason?: DeathReason | null; cursor?: string | null; limit?: number }) =>
    get<Page<Letter>>("/v1/dead-letters", filter),
  letter: (id: string) => get<LetterWithBody>(`/v1/dead-letters/${id}`),
  replayLetter: (id: string) => post<Letter>(`/v1/dead-letters/${id}/replay`),
  replayLetters: (reason: DeathReason | null) =>
    post<Replayed>("/v1/dead-letters/replay", reason ? { reason } : {}),
  discardLetter: (id: string) => postEmpty(`/v1/dead-letters/${id}/discard`),
};
