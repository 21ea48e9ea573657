// The ways in which files come into a conversation: button, paste, drop.
import { type ClipboardEvent, type DragEvent, useState } from "react";
import { toast } from "@/components/ui/toasts";
import { useAbilities } from "@/lib/abilities";
import type { Attendance, MediaKind } from "@/lib/api/types";
import { useMe } from "@/lib/desk";
import { t } from "@/lib/i18n";
import type { Limits } from "@/lib/media";
import { attach } from "@/lib/outbox/attachments";
import { setDraft } from "@/lib/outbox/drafts";

const NOTHING: Limits = {};

export type Files = ReturnType<typeof useFiles>;

export function useFiles(row: Attendance, closed: boolean) {
  const limits = useAbilities(row.session.id).media ?? NOTHING;
  const atOnce = useMe().limits.files;
  const open = Boolean(limits.document) && !closed;
  const add = (files: Iterable<File>, as?: MediaKind) => {
    const left = attach(row.id, files, { limits, atOnce, as });
    if (left > 0) toast(t("attach.too_many", { count: atOnce }), true);
    setDraft(row.id, { mode: "reply" });
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    // A text that was copied together with a picture of it is a text.
    if (!open || files.length === 0 || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    add(files);
  };
  return { open, limits, add, onPaste };
}

const withFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");

/** Where files may be let go; `over` while they hover. */
export function useDrop(open: boolean, add: (files: Iterable<File>) => void) {
  // Entering a child is leaving its parent: they are counted.
  const [depth, setDepth] = useState(0);
  if (!open) return { over: false, handlers: {} };
  const handlers = {
    onDragEnter: (event: DragEvent) => {
      if (withFiles(event)) setDepth((before) => before + 1);
    },
    onDragLeave: (event: DragEvent) => {
      if (withFiles(event)) setDepth((before) => Math.max(0, before - 1));
    },
    onDragOver: (event: DragEvent) => {
      if (withFiles(event)) event.preventDefault();
    },
    onDrop: (event: DragEvent) => {
      if (!withFiles(event)) return;
      event.preventDefault();
      setDepth(0);
      add([...event.dataTransfer.files]);
    },
  };
  return { over: depth > 0, handlers };
}
