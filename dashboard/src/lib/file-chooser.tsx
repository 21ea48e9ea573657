// The system's own dialog for choosing files.
import { type ReactNode, useRef } from "react";
import type { MediaKind } from "./api/types";

/** What is to become of the files, when not what they are by themselves; and which types are offered. */
type Choose = (kind?: MediaKind, accept?: string) => void;

/** Returns what opens the dialog, and a field to be rendered, which nobody sees. */
export function useFileChooser(onFiles: (files: File[], kind?: MediaKind) => void): [Choose, ReactNode] {
  const input = useRef<HTMLInputElement>(null);
  const kind = useRef<MediaKind | undefined>(undefined);
  const choose: Choose = (what, accept = "") => {
    kind.current = what;
    if (!input.current) return;
    input.current.accept = accept;
    input.current.click();
  };
  const field = (
    <input
      ref={input}
      type="file"
      multiple
      hidden
      aria-hidden
      tabIndex={-1}
      onChange={(event) => {
        const chosen = [...(event.target.files ?? [])];
        // The same file may be chosen again.
        event.target.value = "";
        if (chosen.length > 0) onFiles(chosen, kind.current);
      }}
    />
  );
  return [choose, field];
}
