// What was begun and not sent, one per attendance, kept on every keystroke.
import { useSyncExternalStore } from "react";
import type { Quote } from "../api/types";

export interface Draft {
  text: string;
  quote: Quote | null;
  mode: "reply" | "note";
}

export const NO_DRAFT: Draft = { text: "", quote: null, mode: "reply" };
const PREFIX = "helpdesk.draft.";
const drafts = new Map<string, Draft>();
const listeners = new Set<() => void>();

const keyOf = (attendanceId: string) => PREFIX + attendanceId;

export function draftOf(attendanceId: string): Draft {
  let draft = drafts.get(attendanceId);
  if (!draft) {
    draft = read(attendanceId);
    drafts.set(attendanceId, draft);
  }
  return draft;
}

function read(attendanceId: string): Draft {
  try {
    const stored = localStorage.getItem(keyOf(attendanceId));
    return stored ? { ...NO_DRAFT, ...(JSON.parse(stored) as Partial<Draft>) } : NO_DRAFT;
  } catch {
    return NO_DRAFT;
  }
}

export function setDraft(attendanceId: string, change: Partial<Draft>): void {
  const draft = { ...draftOf(attendanceId), ...change };
  drafts.set(attendanceId, draft);
  if (draft.text || draft.quote) localStorage.setItem(keyOf(attendanceId), JSON.stringify(draft));
  else localStorage.removeItem(keyOf(attendanceId));
  for (const listener of listeners) listener();
}

export function clearDraft(attendanceId: string): void {
  setDraft(attendanceId, { text: "", quote: null });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDraft(attendanceId: string): Draft {
  return useSyncExternalStore(subscribe, () => draftOf(attendanceId));
}

export function useHasDraft(attendanceId: string): boolean {
  return useSyncExternalStore(subscribe, () => draftOf(attendanceId).text.trim() !== "");
}
