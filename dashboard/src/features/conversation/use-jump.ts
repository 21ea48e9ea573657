import type { Virtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef, useState } from "react";
import { toast } from "@/components/ui/toasts";
import { useDesk } from "@/lib/desk";
import { t } from "@/lib/i18n";
import type { Item } from "./items";

/** How far back a jump may load: 40 pages of 50 messages. */
const PAGES = 40;
const FLASH = 1_700;

type List = Virtualizer<HTMLDivElement, Element>;

/** Goes to a message by its id, or by its position when the address names one, loading what lies between. */
export function useJump(attendanceId: string, items: Item[], virtual: List, position: number | undefined) {
  const { board, sync } = useDesk();
  const [flashing, setFlashing] = useState<string | null>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const load = useCallback(
    async (find: () => string | undefined): Promise<void> => {
      for (let page = 0; page < PAGES; page += 1) {
        const found = find();
        if (found) {
          setWanted(found);
          return;
        }
        if (board.thread(attendanceId).older === null) break;
        await sync.loadOlder(attendanceId);
      }
      toast(t("conversation.not_found"), true);
    },
    [board, sync, attendanceId],
  );

  // The oldest one loaded is not shown before the page above it has come.
  const shown = useCallback(() => {
    const { items, older } = board.thread(attendanceId);
    return older === null ? items : items.slice(1);
  }, [board, attendanceId]);

  const jump = useCallback(
    (id: string) => load(() => shown().find((one) => one.id === id)?.id),
    [shown, load],
  );

  useEffect(() => {
    if (position === undefined) return;
    void load(() => shown().find((one) => one.position === position)?.id).catch(() => {});
  }, [position, shown, load]);

  useEffect(() => {
    if (!wanted) return;
    const index = items.findIndex((item) => item.key === wanted);
    if (index < 0) return;
    virtual.scrollToIndex(index, { align: "center" });
    setFlashing(wanted);
    setWanted(null);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setFlashing(null), FLASH);
  }, [wanted, items, virtual]);

  return { flashing, jump };
}
