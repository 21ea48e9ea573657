// What stands in the composer's place when one may not answer, and the way to change that.
import { useNavigate } from "@tanstack/react-router";
import { CircleCheck, Lock } from "lucide-react";
import { Suspense, useState } from "react";
import { Button } from "@/components/ui/button";
import { Stars } from "@/components/ui/stars";
import type { Attendance } from "@/lib/api/types";
import { useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { fullTime } from "@/lib/i18n/time";
import { lazily } from "@/lib/lazily";
import { useActions } from "../conversation/use-actions";

const StartDialog = lazily(() => import("../inbox/start-dialog"));

export function HeldBar({ row }: { row: Attendance }) {
  const t = useT();
  const { attendant: me } = useMe();
  const actions = useActions(row);
  return (
    <div className="mb-2 flex items-center gap-2 rounded-xl bg-info-soft px-3 py-2 text-[0.8125rem] text-info-ink">
      <Lock aria-hidden className="size-4 shrink-0" />
      <span className="min-w-0 flex-1">{t("composer.held", { name: row.attendant?.name ?? "" })}</span>
      {me.role !== "attendant" && (
        <Button size="sm" busy={actions.busy} onClick={() => actions.take(true)}>
          {t("action.take_over")}
        </Button>
      )}
    </div>
  );
}

export function ClosedBar({ row }: { row: Attendance }) {
  const t = useT();
  const navigate = useNavigate();
  const [starting, setStarting] = useState(false);
  const by = row.closed_by ?? "attendant";
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-line border-t bg-surface px-4 py-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
      <CircleCheck aria-hidden className="size-5 shrink-0 text-ink-3" />
      <span className="min-w-0 flex-1 text-ink-2">
        {t(`closed.${by}`, { time: row.closed_at ? fullTime(row.closed_at) : "" })}
        {row.feedback && (
          <span className="mt-0.5 flex flex-wrap items-center gap-2">
            <Stars score={row.feedback.score} />
            {row.feedback.comment && (
              <q className="text-[0.8125rem] [overflow-wrap:anywhere]" dir="auto">
                {row.feedback.comment}
              </q>
            )}
          </span>
        )}
      </span>
      <Button onClick={() => setStarting(true)}>{t("closed.write_again")}</Button>
      {starting && (
        <Suspense>
          <StartDialog
            client={row.client}
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
    </div>
  );
}
