import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useT } from "@/lib/i18n";
import { queries } from "@/lib/queries";

/** Shown only where there is something to choose. */
export function SectorFilter({ sector }: { sector: string }) {
  const t = useT();
  const navigate = useNavigate();
  const sectors = useQuery(queries.sectors()).data ?? [];
  if (sectors.length < 2) return null;
  return (
    <div className="flex shrink-0 items-center border-line border-b px-3 py-1">
      <select
        aria-label={t("inbox.sector_filter")}
        value={sector}
        onChange={(event) => {
          const chosen = event.target.value || undefined;
          void navigate({ to: ".", search: (old) => ({ ...old, sector: chosen }), replace: true });
        }}
        className="-ml-1 h-7 max-w-full rounded-md bg-surface px-1 text-[0.8125rem] text-ink-2 hover:text-ink pointer-coarse:h-11"
      >
        <option value="">{t("inbox.all_sectors")}</option>
        {sectors.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
    </div>
  );
}
