// Files that were chosen and not sent yet, one list per attendance. They live as long as the page: the browser
// does not let a page keep somebody's files.
import { useSyncExternalStore } from "react";
import type { MediaKind } from "../api/types";
import { kindOf, type Limits, tooLarge } from "../media";

export interface Attachment {
  id: string;
  file: File;
  kind: MediaKind;
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
export function attach(attendanceId: string, files: Iterable<File>, limits: Limits, atOnce: number): number {
  const before = attachmentsOf(attendanceId);
  const all = [...files];
  const taken = all.slice(0, atOnce - before.length);
  put(attendanceId, [...before, ...taken.map((file) => attachment(file, limits))]);
  return all.length - taken.length;
}

function attachment(file: File, limits: Limits): Attachment {
  const kind = kindOf(file, limits);
  const problem = tooLarge(file, kind, limits);
  return { id: crypto.randomUUID(), file, kind, url: URL.createObjectURL(file), caption: "", problem };
}

export function caption(attendanceId: string, id: string, text: string): void {
  const list = attachmentsOf(attendanceId);
  put(
    attendanceId,
    list.map((one) => (one.id === id ? { ...one, caption: text } : one)),
  );
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
