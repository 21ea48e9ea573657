import { useEffect, useRef, useState } from "react";

/** A row must not move from under a finger that is about to press it. */
const REST = 700;

/** The order as it is, held still while the pointer moves over the list; rows that left go at once. */
export function useSteady(ids: string[]) {
  const [held, setHeld] = useState<string[] | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(ids);
  useEffect(() => {
    latest.current = ids;
  }, [ids]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const release = () => {
    clearTimeout(timer.current);
    setHeld(null);
  };
  const onPointerMove = (event: { pointerType: string }) => {
    if (event.pointerType !== "mouse") return;
    clearTimeout(timer.current);
    timer.current = setTimeout(release, REST);
    setHeld((before) => before ?? latest.current);
  };
  const present = held && new Set(ids);
  const shown = held && present ? held.filter((id) => present.has(id)) : ids;
  return { ids: shown, onPointerMove, onPointerLeave: release };
}
