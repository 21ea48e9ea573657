// Files that were chosen and not sent yet, one list per attendance. They live as long as the page: the browser
// does not let a page keep somebody's files.
import { useSyncExternalStore } from "react";
import type { MediaKind } from "../api/types";
import { kindOf, type Limits, naturalKind, whyNot } from "../media";

export interface Attachment {
  id: string;
  file: File;
  /** What it is sent as. */
  kind: MediaKind;
  /** What it is by itself. */
  natural: MediaKind;
  /** Whether it may go as either of them. */
  either: boolean;
  /** For the preview; given back when the attachment goes. */
  url: string;
  caption: string;
  problem: string | null;
}

const NONE: Attachment[] = [];
const chosen = new Map<string, Attachment[]>();
const listeners = new Set<() => void>();

export const attachmentsOf = (attendanceId: string): Attachment[] => chosen.get(attendanceId) ?? NONE;

function put(attendanceId: string, list: Attachment[]): void {
  if (list.length > 0) chosen.set(attendanceId, list);
  else chosen.delete(attendanceId);
  for (const listener of listeners) listener();
}

/** Adds what there is room for, and says how many files found none. */
export function attach(
  attendanceId: string,
  files: Iterable<File>,
  { limits, atOnce, as }: { limits: Limits; atOnce: number; as?: MediaKind },
): number {
  const before = attachmentsOf(attendanceId);
  const all = [...files];
  const taken = all.slice(0, atOnce - before.length);
  put(attendanceId, [...before, ...taken.map((file) => attachment(file, limits, as))]);
  return all.length - taken.length;
}

function attachment(file: File, limits: Limits, as?: MediaKind): Attachment {
  const kind = as ?? kindOf(file, limits);
  const natural = as ?? naturalKind(file);
  return {
    id: crypto.randomUUID(),
    file,
    kind,
    natural,
    either: !as && kind !== "document" && whyNot(file, "document", limits) === null,
    url: URL.createObjectURL(file),
    caption: "",
    problem: whyNot(file, kind, limits),
  };
}

function change(attendanceId: string, id: string, to: (one: Attachment) => Partial<Attachment>): void {
  put(
    attendanceId,
    attachmentsOf(attendanceId).map((one) => (one.id === id ? { ...one, ...to(one) } : one)),
  );
}

/** Sends it as a file to be saved, with every pixel it has; or again as what it is. */
export function switchKind(attendanceId: string, id: string): void {
  change(attendanceId, id, ({ kind, natural }) => ({ kind: kind === "document" ? natural : "document" }));
}

export function caption(attendanceId: string, id: string, text: string): void {
  change(attendanceId, id, () => ({ caption: text }));
}

export function detach(attendanceId: string, id: string): void {
  const list = attachmentsOf(attendanceId);
  const gone = list.find((one) => one.id === id);
  if (gone) URL.revokeObjectURL(gone.url);
  put(
    attendanceId,
    list.filter((one) => one.id !== id),
  );
}

/** Takes those that can be sent, with their previews; the others stay. */
export function takeAttachments(attendanceId: string): Attachment[] {
  const list = attachmentsOf(attendanceId);
  put(
    attendanceId,
    list.filter((one) => one.problem !== null),
  );
  return list.filter((one) => one.problem === null);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useAttachments(attendanceId: string): Attachment[] {
  return useSyncExternalStore(subscribe, () => attachmentsOf(attendanceId));
}
