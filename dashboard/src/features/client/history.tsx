import { useQuery } from "@tanstack/react-query";
import type { Change } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { fullTime } from "@/lib/i18n/time";
import { queries } from "@/lib/queries";
import { Block } from "./block";

/** What happened to this attendance, who did it, and why. */
export function History({ id }: { id: string }) {
  const t = useT();
  const items = useQuery(queries.history(id)).data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Block title={t("history.title")}>
      <ol className="flex flex-col">
        {items.map((change, index) => (
          <li key={`${change.at} ${change.kind}`} className="relative flex gap-3 pb-3 last:pb-0">
            {index < items.length - 1 && (
              <span aria-hidden className="absolute top-3 bottom-0 left-[3px] w-px bg-line" />
            )}
            <span aria-hidden className="mt-1.5 size-[7px] shrink-0 rounded-full bg-line-strong" />
            <Entry change={change} />
          </li>
        ))}
      </ol>
    </Block>
  );
}

function Entry({ change }: { change: Change }) {
  const t = useT();
  const actor = change.actor?.name ?? t("history.system");
  const to = change.attendant?.name ?? change.sector?.name ?? "";
  const tookIt =
    change.kind === "assigned" && change.actor?.id === change.attendant?.id && change.actor !== null;
  const byClient = change.kind === "opened" && change.actor === null;
  const what = tookIt ? "taken" : byClient ? "opened_by_client" : change.kind;
  return (
    <span className="min-w-0 text-[0.8125rem]">
      <span className="block">{t(`history.${what}`, { actor, to })}</span>
      {change.reason && <span className="block text-ink-2 [overflow-wrap:anywhere]">“{change.reason}”</span>}
      <span className="block text-ink-3 text-xs">{fullTime(change.at)}</span>
    </span>
  );
}
