import { useRef } from "react";
import type { Abilities } from "@/lib/abilities";
import { useDesk } from "@/lib/desk";

/** WhatsApp shows "typing…" for some seconds after each signal: more often is waste. */
const EVERY = 4_000;

export function useTypingSignal(attendanceId: string, can: Abilities): () => void {
  const { live } = useDesk();
  const last = useRef(0);
  return () => {
    if (!can.typing || Date.now() - last.current < EVERY) return;
    last.current = Date.now();
    live.publish({ type: "typing", attendance_id: attendanceId });
  };
}
