import { useState } from "react";

const STORED = "helpdesk.panel";
const isWide = () => matchMedia("(min-width: 80rem)").matches;

/** The client's panel: remembered where there is room for it, closed at first where it would cover the conversation. */
export function usePanel() {
  const [open, setOpen] = useState(() => isWide() && localStorage.getItem(STORED) !== "closed");
  const toggle = () => {
    if (isWide()) localStorage.setItem(STORED, open ? "closed" : "open");
    setOpen(!open);
  };
  return { open, toggle };
}
