import { Pencil } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/button";
import type { Sector } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { Card } from "../shell/page";

export function Sectors({ sectors, onEdit }: { sectors: Sector[]; onEdit: (sector: Sector) => void }) {
  const t = useT();
  return (
    <Card>
      <ul className="divide-y divide-line">
        {sectors.map((sector) => (
          <li key={sector.id} className="flex items-center gap-3 px-4 py-3">
            <div className="min-w-0 flex-1">
              <p className="flex min-w-0 items-center gap-2">
                <span className="truncate font-medium">{sector.name}</span>
                {sector.is_default && <Badge tone="accent">{t("sector.default")}</Badge>}
              </p>
              <p className="text-ink-3 text-xs">
                {t(`sector.policy.${sector.policy}`)} ·{" "}
                {t("sector.members_count", { count: sector.members.length })}
                {sector.close_after_seconds !== null &&
                  ` · ${t("sector.closes_after", { n: minutes(sector.close_after_seconds) })}`}
              </p>
            </div>
            <IconButton label={t("sector.edit", { name: sector.name })} onClick={() => onEdit(sector)}>
              <Pencil />
            </IconButton>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function minutes(seconds: number): number {
  return Math.round((seconds / 60) * 10) / 10;
}
