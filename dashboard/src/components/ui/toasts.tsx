// Short news in a corner, said aloud once by screen readers.
import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useT } from "@/lib/i18n";
import { IconButton } from "./button";
import { cx } from "./cx";
import { explain } from "./states";

interface Toast {
  id: number;
  text: string;
  bad: boolean;
}

let toasts: Toast[] = [];
let serial = 0;
const listeners = new Set<() => void>();

function change(next: Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

const dismiss = (id: number) => change(toasts.filter((one) => one.id !== id));

export function toast(text: string, bad = false): void {
  serial += 1;
  const id = serial;
  change([...toasts.slice(-2), { id, text, bad }]);
  setTimeout(() => dismiss(id), bad ? 8_000 : 4_500);
}

export function toastError(error: unknown): void {
  toast(explain(error), true);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const t = useT();
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-3 bottom-20 z-[60] flex flex-col items-center gap-2 sm:inset-x-auto sm:right-5 sm:bottom-5 sm:items-end"
    >
      {shown.map((one) => (
        <div
          key={one.id}
          className={cx(
            "pointer-events-auto flex max-w-sm animate-[appear_140ms_ease-out] items-center gap-2 rounded-xl border py-1.5 pr-1.5 pl-3.5 shadow-pop",
            one.bad ? "border-danger/30 bg-danger-soft text-danger-ink" : "border-line bg-raised text-ink",
          )}
        >
          <span className="min-w-0 flex-1 py-1">{one.text}</span>
          <IconButton label={t("action.dismiss")} onClick={() => dismiss(one.id)}>
            <X />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
