import { useEffect, useRef, useState } from "react";
import { api } from "@/lib/api";
import type { Attendance, Message } from "@/lib/api/types";
import { useMe } from "@/lib/desk";
import { firstUnread } from "./items";

/** The divider, the count below the fold, and telling the server what its holder has read. */
export function useUnread(row: Attendance, messages: Message[], atEnd: boolean) {
  const { attendant: me } = useMe();
  // Fixed when opened: the divider stays where reading began.
  const [newFrom] = useState(() => firstUnread(messages, row.unread));
  const seen = useRef(messages.at(-1)?.position ?? 0);
  const last = messages.at(-1)?.position ?? 0;
  useEffect(() => {
    if (atEnd) seen.current = last;
  }, [atEnd, last]);
  const below = atEnd
    ? 0
    : messages.filter((one) => one.position > seen.current && one.direction === "inbound").length;

  const mine = row.attendant?.id === me.id;
  const unread = row.unread;
  const id = row.id;
  useEffect(() => {
    if (!mine || unread === 0 || !atEnd) return;
    const read = () => {
      if (document.visibilityState === "visible" && document.hasFocus()) void api.read(id).catch(() => {});
    };
    read();
    // Not looked at yet: wait for the window to come forward.
    addEventListener("focus", read);
    document.addEventListener("visibilitychange", read);
    return () => {
      removeEventListener("focus", read);
      document.removeEventListener("visibilitychange", read);
    };
  }, [mine, unread, atEnd, id]);

  return { newFrom, below };
}
