import { useState } from "react";
import { toast, toastError } from "@/components/ui/toasts";
import { ApiError, api } from "@/lib/api";
import type { Attendance, Named } from "@/lib/api/types";
import { useDesk } from "@/lib/desk";
import { t } from "@/lib/i18n";

/** Take and release; a lost race is told by name and the row is brought up to date. */
export function useActions(row: Attendance) {
  const { board, sync } = useDesk();
  const [busy, setBusy] = useState(false);

  const run = async (work: () => Promise<Attendance>, done: string) => {
    setBusy(true);
    try {
      board.put(await work());
      toast(done);
    } catch (error) {
      const holder = error instanceof ApiError ? (error.body.holder as Named | undefined) : undefined;
      if (error instanceof ApiError && error.status === 409 && holder) {
        toast(t("conversation.taken_by", { name: holder.name }), true);
      } else {
        toastError(error);
      }
    } finally {
      setBusy(false);
      sync.askCounts();
    }
  };

  return {
    busy,
    take: (force = false) => void run(() => api.take(row.id, force), t("conversation.taken")),
    release: () => void run(() => api.release(row.id), t("conversation.released")),
  };
}
