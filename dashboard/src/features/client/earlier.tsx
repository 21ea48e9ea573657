import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "@/components/ui/badge";
import { Stars } from "@/components/ui/stars";
import { useT } from "@/lib/i18n";
import { fullTime } from "@/lib/i18n/time";
import { queries } from "@/lib/queries";

const SHOWN = 10;

export function Earlier({ clientId, except }: { clientId: string; except?: string }) {
  const t = useT();
  const query = useQuery(queries.clientAttendances(clientId));
  if (!query.data) return null;
  const rows = query.data.items.filter((row) => row.id !== except);
  if (rows.length === 0) return <p className="text-[0.8125rem] text-ink-3">{t("client.no_earlier")}</p>;
  return (
    <ul className="-mx-2 flex flex-col">
      {rows.slice(0, SHOWN).map((row) => (
        <li key={row.id}>
          <Link
            to="/inbox/$attendanceId"
            params={{ attendanceId: row.id }}
            search={(old) => ({ ...old, m: undefined })}
            className="block rounded-lg px-2 py-1.5 hover:bg-hover"
          >
            <span className="flex items-center gap-2">
              <span className="min-w-0 flex-1 truncate text-[0.8125rem]">{fullTime(row.opened_at)}</span>
              {row.feedback ? (
                <Stars score={row.feedback.score} />
              ) : (
                <Badge>{t(`status.${row.status}`)}</Badge>
              )}
            </span>
            <span className="block truncate text-ink-3 text-xs">
              {row.sector.name}
              {row.attendant && ` · ${row.attendant.name}`}
              {row.last_message && ` · ${row.last_message.text}`}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
