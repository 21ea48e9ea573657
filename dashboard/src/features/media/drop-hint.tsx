import { FileUp } from "lucide-react";
import { useT } from "@/lib/i18n";

/** Over the conversation while files hover; the drop itself is the conversation's. */
export function DropHint() {
  const t = useT();
  return (
    <div
      data-drop=""
      className="pointer-events-none absolute inset-2 z-10 flex items-center justify-center rounded-2xl border-2 border-accent border-dashed bg-accent-soft/90"
    >
      <p className="flex items-center gap-2 font-medium text-accent-ink text-base">
        <FileUp aria-hidden className="size-6" />
        {t("attach.drop")}
      </p>
    </div>
  );
}
