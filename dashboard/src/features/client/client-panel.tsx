import { X } from "lucide-react";
import { Suspense } from "react";
import { IconButton } from "@/components/ui/button";
import { Skeletons } from "@/components/ui/states";
import type { Attendance } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { lazily } from "@/lib/lazily";

const PanelContents = lazily(() => import("./panel-contents"));

/**
 * Beside the conversation where there is room, over it where there is not.  Its place is taken at once, before what
 * is in it is here: a button of the conversation must not move away from under a press.
 */
export function ClientPanel({ row, onClose }: { row: Attendance; onClose: () => void }) {
  const t = useT();
  return (
    <aside
      aria-label={t("client.panel")}
      className="flex min-h-0 flex-col overflow-y-auto border-line bg-surface max-xl:absolute max-xl:inset-y-0 max-xl:right-0 max-xl:z-20 max-xl:shadow-pop xl:w-80 xl:shrink-0 xl:border-l sm:max-xl:w-80 max-sm:fixed max-sm:inset-0 max-sm:w-full"
    >
      <div className="flex h-14 shrink-0 items-center justify-between border-line border-b pr-2 pl-4">
        <h2 className="font-semibold">{t("client.panel")}</h2>
        <IconButton label={t("action.close_window")} onClick={onClose}>
          <X />
        </IconButton>
      </div>
      <Suspense fallback={<Skeletons count={3} />}>
        <PanelContents row={row} />
      </Suspense>
    </aside>
  );
}
