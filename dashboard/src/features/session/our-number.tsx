// By which of our numbers a client writes: said where there are several to tell apart.
import { useQuery } from "@tanstack/react-query";
import { Smartphone } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { Attendance } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { queries } from "@/lib/queries";

export function OurNumber({ row, className }: { row: Attendance; className?: string }) {
  const t = useT();
  const sessions = useQuery(queries.sessions()).data ?? [];
  if (sessions.length < 2) return null;
  return (
    <Badge className={className}>
      <Smartphone aria-hidden className="size-3" />
      <span className="sr-only">{t("field.session")}: </span>
      <span className="truncate" title={t("field.session")} data-our-number>
        {row.session.name}
      </span>
    </Badge>
  );
}
