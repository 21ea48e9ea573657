import { useQuery } from "@tanstack/react-query";
import { CircleCheckBig, Inbox, UserCheck } from "lucide-react";
import { Empty } from "@/components/ui/states";
import { useT } from "@/lib/i18n";
import { queries } from "@/lib/queries";
import type { Tab } from "@/lib/store/views";
import { FirstRun } from "./first-run";

const ICONS = { waiting: CircleCheckBig, mine: UserCheck, all: Inbox, closed: Inbox };

export function EmptyList({ tab, filtered }: { tab: Tab; filtered: boolean }) {
  const t = useT();
  const counts = useQuery(queries.counts()).data;
  const Icon = ICONS[tab];
  const untouched = counts !== undefined && counts.all === 0 && counts.closed === 0;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <Empty icon={<Icon />} title={t(`inbox.empty.${tab}`)}>
        {t(filtered ? "inbox.empty.filtered" : `inbox.empty.${tab}_about`)}
      </Empty>
      {untouched && (
        <div className="px-4 pb-6 md:hidden">
          <FirstRun />
        </div>
      )}
    </div>
  );
}
