import { Clock3, PencilLine, TriangleAlert } from "lucide-react";
import { memo } from "react";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { cx } from "@/components/ui/cx";
import { Stars } from "@/components/ui/stars";
import type { Attendance } from "@/lib/api/types";
import { useMe, useRow, useTyping } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { elapsed, fullTime, shortTime } from "@/lib/i18n/time";
import { inWords } from "@/lib/media";
import { useHasDraft } from "@/lib/outbox/drafts";
import { clientName } from "@/lib/phone";
import type { Tab } from "@/lib/store/views";
import { useMinute } from "@/lib/use-minute";
import { Ticks } from "../conversation/ticks";
import { KindIcon } from "../media/kind-icon";
import { OurNumber } from "../session/our-number";

export const ROW_HEIGHT = 84;

interface RowProps {
  id: string;
  tab: Tab;
  sector: string;
  selected: boolean;
}

export const AttendanceRow = memo(function AttendanceRow({ id, tab, sector, selected }: RowProps) {
  const t = useT();
  const row = useRow(id);
  if (!row) return null;
  const name = clientName(row.client);
  const search = new URLSearchParams({ tab, ...(sector && { sector }) });
  return (
    <a
      href={`/inbox/${id}?${search}`}
      data-id={id}
      aria-current={selected ? "true" : undefined}
      className={cx(
        "flex h-full gap-3 border-line border-b px-3 py-2.5 -outline-offset-2 transition-colors",
        selected ? "bg-selected" : "hover:bg-hover",
      )}
    >
      <Avatar name={name} seed={row.client.id} />
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex items-baseline gap-2">
          <span
            className={cx(
              "min-w-0 flex-1 truncate text-ink",
              row.unread > 0 ? "font-semibold" : "font-medium",
            )}
            dir="auto"
          >
            {name}
          </span>
          <time
            dateTime={row.last_message_at}
            title={fullTime(row.last_message_at)}
            className="shrink-0 text-ink-3 text-xs tabular-nums"
          >
            {shortTime(row.last_message_at)}
          </time>
        </span>
        <span className="flex items-center gap-1.5">
          <Preview row={row} />
          {row.unread > 0 && (
            <span
              data-unread={row.unread}
              title={t("inbox.unread", { count: row.unread })}
              className="min-w-5 shrink-0 rounded-full bg-accent px-1.5 text-center font-semibold text-2xs text-on-accent leading-5"
            >
              <span aria-hidden>{row.unread > 99 ? "99+" : row.unread}</span>
              <span className="sr-only">{t("inbox.unread", { count: row.unread })}</span>
            </span>
          )}
        </span>
        <Meta row={row} />
      </span>
    </a>
  );
});

function Preview({ row }: { row: Attendance }) {
  const t = useT();
  const typing = useTyping(row.id);
  const draft = useHasDraft(row.id);
  const last = row.last_message;
  const line = "min-w-0 flex-1 truncate text-[0.8125rem]";
  if (typing) return <span className={cx(line, "text-accent-ink")}>{t("conversation.typing")}</span>;
  if (draft) {
    return (
      <span className={cx(line, "text-danger-ink")}>
        <PencilLine aria-hidden className="mr-1 inline size-3.5 align-[-2px]" />
        {t("inbox.draft")}
      </span>
    );
  }
  if (!last) return <span className={cx(line, "text-ink-3")}>{t("inbox.no_message")}</span>;
  return (
    <span className={cx(line, "flex items-center gap-1", row.unread > 0 ? "text-ink-2" : "text-ink-3")}>
      {last.direction === "reply" && <Ticks delivery={last.delivery} small />}
      {last.direction === "note" && <span className="text-note-ink">{t("inbox.note")}</span>}
      <KindIcon kind={last.kind} className="size-3.5 shrink-0" />
      <span className="truncate" dir="auto">
        {inWords(last)}
      </span>
    </span>
  );
}

function Meta({ row }: { row: Attendance }) {
  const t = useT();
  const { attendant: me } = useMe();
  const holder = row.attendant && (row.attendant.id === me.id ? t("inbox.you") : row.attendant.name);
  return (
    <span className="flex min-w-0 items-center gap-1.5 text-xs">
      <Badge className="min-w-0 shrink-[2]">
        <span className="truncate">{row.sector.name}</span>
      </Badge>
      <OurNumber row={row} className="min-w-0 shrink-[2]" />
      {row.status === "waiting" && <Waiting since={row.waiting_since ?? row.opened_at} />}
      {row.neglected && (
        <Badge tone="danger">
          <TriangleAlert aria-hidden className="size-3" />
          {t("inbox.neglected")}
        </Badge>
      )}
      <span className="flex-1" />
      {row.feedback ? (
        <Stars score={row.feedback.score} />
      ) : (
        holder && <span className="truncate text-ink-3">{holder}</span>
      )}
    </span>
  );
}

/** Colour and words both say how long: under 5 minutes, under 15, more. */
function Waiting({ since }: { since: string }) {
  const t = useT();
  const now = useMinute();
  const minutes = (now - Date.parse(since)) / 60_000;
  return (
    <Badge tone={minutes < 5 ? "neutral" : minutes < 15 ? "warn" : "danger"} className="shrink-0">
      <Clock3 aria-hidden className="size-3" />
      {t("inbox.waiting_for", { time: elapsed(since, now) })}
    </Badge>
  );
}
