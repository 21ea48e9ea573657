import { Mic, Paperclip } from "lucide-react";
import { useRef } from "react";
import { IconButton } from "@/components/ui/button";
import { useT } from "@/lib/i18n";
import { type Limits, prettySize } from "@/lib/media";

interface AttachProps {
  limits: Limits;
  onFiles: (files: Iterable<File>) => void;
}

/** Chooses files; what is too large is told before anything is sent. */
export function AttachButton({ limits, onFiles }: AttachProps) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  const sizes = { image: prettySize(limits.image ?? 0), document: prettySize(limits.document ?? 0) };
  return (
    <>
      <IconButton label={t("attach.choose", sizes)} onClick={() => input.current?.click()} data-attach="">
        <Paperclip />
      </IconButton>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-hidden
        tabIndex={-1}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file may be chosen again.
          event.target.value = "";
        }}
      />
    </>
  );
}

export function RecordButton({ onClick }: { onClick: () => void }) {
  const t = useT();
  return (
    <IconButton
      label={t("record.start")}
      onPointerEnter={() => void import("./recorder").catch(() => {})}
      onClick={onClick}
    >
      <Mic />
    </IconButton>
  );
}
