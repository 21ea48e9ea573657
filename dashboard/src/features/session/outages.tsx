// When a number was down, and who heard of it.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Outage } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { fullTime } from "@/lib/i18n/time";
import { queries } from "@/lib/queries";

export function Outages({ session }: { session: string }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const found = useQuery(queries.outages(session, open)).data;
  return (
    <details
      className="border-line border-t px-5 py-3 text-ink-2"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="cursor-pointer rounded">{t("session.outages")}</summary>
      {found?.length === 0 && <p className="pt-2 text-ink-3">{t("session.outages_none")}</p>}
      <ul className="flex max-h-60 flex-col gap-2 overflow-y-auto pt-2">
        {found?.map((one) => (
          <Entry key={one.since} outage={one} />
        ))}
      </ul>
    </details>
  );
}

function Entry({ outage: { since, ended_at, state, reason, told } }: { outage: Outage }) {
  const t = useT();
  const heard = told.map(({ channel, news }) => t(`session.told.${news}`, { channel }));
  return (
    <li className="min-w-0 text-[0.8125rem] [overflow-wrap:anywhere]">
      {ended_at
        ? t("session.outage", { since: fullTime(since), until: fullTime(ended_at) })
        : t("session.outage_open", { since: fullTime(since) })}
      <span className="block text-ink-3 text-xs">
        {[t(`session.state.${state}`), reason].filter(Boolean).join(": ")}
        {" · "}
        {heard.join(", ") || t("session.told_nobody")}
      </span>
    </li>
  );
}
