// A menu whose machinery is fetched when the pointer or the focus first comes near it: most pages never need it.
import { cloneElement, type ReactElement, type ReactNode, Suspense, useState } from "react";
import { lazily } from "@/lib/lazily";

export interface MenuEntry {
  key: string;
  label: string;
  icon: ReactNode;
  shortcut?: string;
  onClick: () => void;
}

export interface MenuProps {
  trigger: ReactElement<{ onClick?: () => void; onPointerEnter?: () => void; onFocus?: () => void }>;
  /** Groups of entries, with a line between them. */
  groups: MenuEntry[][];
  header?: ReactNode;
  side?: "top" | "bottom" | "right";
}

const load = () => import("./menu-popup");
const Popup = lazily(load);

export function Menu(props: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const near = () => void load().catch(() => {});
  const idle = cloneElement(props.trigger, {
    onClick: () => setWanted(true),
    onPointerEnter: near,
    onFocus: near,
  });
  if (!wanted) return idle;
  return (
    <Suspense fallback={props.trigger}>
      <Popup {...props} />
    </Suspense>
  );
}
