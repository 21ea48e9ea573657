import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { MessageSquarePlus } from "lucide-react";
import { Suspense, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { useT } from "@/lib/i18n";
import { lazily } from "@/lib/lazily";
import { queries } from "@/lib/queries";
import { TABS, type Tab } from "@/lib/store/views";
import { AttendanceList } from "./attendance-list";
import { SearchBox } from "./search-box";
import { SearchResults } from "./search-results";
import { SectorFilter } from "./sector-filter";

const StartDialog = lazily(() => import("./start-dialog"));

interface PaneProps {
  tab: Tab;
  sector: string;
  q: string;
  openId: string | undefined;
}

export function ListPane({ tab, sector, q, openId }: PaneProps) {
  const t = useT();
  const navigate = useNavigate();
  const [starting, setStarting] = useState(false);
  return (
    <>
      <div className="flex shrink-0 items-center gap-1.5 px-3 pt-3 pb-2">
        <SearchBox q={q} />
        <IconButton label={t("inbox.start")} onClick={() => setStarting(true)}>
          <MessageSquarePlus />
        </IconButton>
      </div>
      {q.trim().length > 1 ? (
        <SearchResults q={q.trim()} />
      ) : (
        <>
          <Tabs tab={tab} />
          <SectorFilter sector={sector} />
          <AttendanceList key={`${tab} ${sector}`} tab={tab} sector={sector} openId={openId} />
        </>
      )}
      {starting && (
        <Suspense>
          <StartDialog
            onClose={() => setStarting(false)}
            onStarted={(attendanceId) => {
              setStarting(false);
              void navigate({
                to: "/inbox/$attendanceId",
                params: { attendanceId },
                search: { tab: "mine" },
              });
            }}
          />
        </Suspense>
      )}
    </>
  );
}

function Tabs({ tab }: { tab: Tab }) {
  const t = useT();
  const navigate = useNavigate();
  const counts = useQuery(queries.counts()).data;
  return (
    <nav aria-label={t("inbox.tabs")} className="flex shrink-0 gap-0.5 border-line border-b px-2">
      {TABS.map((one) => (
        <a
          key={one}
          href={`/inbox?tab=${one}`}
          aria-current={one === tab ? "page" : undefined}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey) return;
            event.preventDefault();
            void navigate({ to: ".", search: (old) => ({ ...old, tab: one, q: undefined, m: undefined }) });
          }}
          className={cx(
            "-mb-px flex h-9 min-w-0 flex-1 items-center justify-center gap-1.5 border-b-2 px-1 text-[0.8125rem] transition-colors pointer-coarse:h-11",
            one === tab
              ? "border-accent font-medium text-ink"
              : "border-transparent text-ink-3 hover:text-ink",
          )}
        >
          <span className="truncate">{t(`inbox.tab.${one}`)}</span>
          {one !== "closed" && counts !== undefined && (
            <span
              data-count={one}
              className={cx(
                "rounded-md px-1 text-2xs tabular-nums",
                one === "waiting" && counts.waiting > 0
                  ? "bg-warn-soft font-semibold text-warn-ink"
                  : "bg-sunken text-ink-2",
              )}
            >
              {counts[one]}
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}
