// One's own message is always looked at: also when a file that was sent becomes a tall picture.
import { useEffect, useRef } from "react";
import type { Item } from "./items";

interface Scrollable {
  scrollToEnd: () => void;
}

/** Stays at the end after sending, until the reader turns away by these handlers. */
export function useOwnInView(unsent: number, items: Item[], list: Scrollable) {
  const staying = useRef(false);
  const before = useRef(unsent);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new item may move the end
  useEffect(() => {
    if (unsent > before.current) staying.current = true;
    before.current = unsent;
    if (staying.current) list.scrollToEnd();
  }, [unsent, items, list]);
  const leave = () => {
    staying.current = false;
  };
  return { onWheel: leave, onTouchMove: leave, onKeyDown: leave, onPointerDown: leave };
}
