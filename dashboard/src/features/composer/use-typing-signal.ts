import { useRef } from "react";
import { useDesk, useMe } from "@/lib/desk";

/** WhatsApp shows "typing…" for some seconds after each signal: more often is waste. */
const EVERY = 4_000;

export function useTypingSignal(attendanceId: string): () => void {
  const { live } = useDesk();
  const { capabilities } = useMe();
  const last = useRef(0);
  return () => {
    if (capabilities.typing === false || Date.now() - last.current < EVERY) return;
    last.current = Date.now();
    live.publish({ type: "typing", attendance_id: attendanceId });
  };
}
