import { useQuery } from "@tanstack/react-query";
import { useT } from "@/lib/i18n";
import { fullTime } from "@/lib/i18n/time";
import { queries } from "@/lib/queries";
import { Block } from "./block";

/** Who turned out to be this person, when, and who said so. */
export function Merges({ clientId }: { clientId: string }) {
  const t = useT();
  const items = useQuery(queries.clientMerges(clientId)).data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Block title={t("client.merges")}>
      <ul className="flex flex-col gap-2">
        {items.map(({ merged, kept, actor, at }) => (
          <li key={merged.id} className="min-w-0 text-[0.8125rem] [overflow-wrap:anywhere]">
            {t("merge.entry", {
              actor: actor?.name ?? t("history.system"),
              merged: merged.name,
              kept: kept.name,
            })}
            <span className="block text-ink-3 text-xs">{fullTime(at)}</span>
          </li>
        ))}
      </ul>
    </Block>
  );
}
