import { useQuery } from "@tanstack/react-query";
import { MessagesSquare } from "lucide-react";
import { Empty } from "@/components/ui/states";
import { useT } from "@/lib/i18n";
import { queries } from "@/lib/queries";
import { FirstRun } from "./first-run";

export function NothingOpen() {
  const t = useT();
  const counts = useQuery(queries.counts()).data;
  const untouched = counts !== undefined && counts.all === 0 && counts.closed === 0;
  return (
    <div className="flex flex-1 items-center justify-center overflow-y-auto p-6">
      {untouched ? (
        <FirstRun />
      ) : (
        <Empty icon={<MessagesSquare />} title={t("inbox.nothing_open")}>
          {t("inbox.nothing_open_about")}
        </Empty>
      )}
    </div>
  );
}
