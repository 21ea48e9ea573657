// One number: its state in one word, since when, and what can be done about it.
import { LogOut } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import type { Session, SessionState } from "@/lib/api/types";
import { useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { elapsed, fullTime } from "@/lib/i18n/time";
import { prettyPhone } from "@/lib/phone";
import { useMinute } from "@/lib/use-minute";
import { Card } from "../shell/page";
import { QrPanel } from "./qr-panel";

const LogoutDialog = lazy(() => import("./logout-dialog"));

const TONES: Record<SessionState, string> = {
  connected: "bg-[#1f9d6b]",
  starting: "bg-[#d99a1c]",
  qr: "bg-[#d99a1c]",
  passkey_required: "bg-[#d99a1c]",
  disconnected: "bg-danger",
  logged_out: "bg-danger",
  banned: "bg-danger",
  failed: "bg-danger",
  stopped: "bg-line-strong",
};

export function SessionCard({ session }: { session: Session }) {
  const t = useT();
  const now = useMinute();
  const { capabilities: can } = useMe();
  const [leaving, setLeaving] = useState(false);
  const linked = session.state === "connected" || session.state === "disconnected";
  return (
    <Card>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3 p-5">
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold text-base">{session.name}</h2>
          <p className="text-ink-3">{prettyPhone(session.phone) || t("session.no_phone")}</p>
        </div>
        <div role="status" className="flex items-center gap-2" data-session-state={session.state}>
          <span aria-hidden className={cx("size-2.5 rounded-full", TONES[session.state])} />
          <span className="font-medium">{t(`session.state.${session.state}`)}</span>
          <span className="text-ink-3" title={fullTime(session.since)}>
            {t("session.for", { time: elapsed(session.since, now) })}
          </span>
        </div>
      </div>
      {session.state === "qr" && <QrPanel session={session} />}
      {session.state !== "qr" && session.state !== "connected" && (
        <p className="border-line border-t px-5 py-4 text-ink-2">
          {t(`session.help.${session.state}`)}
          {session.reason && (
            <span className="block text-ink-3">{t("session.reason", { reason: session.reason })}</span>
          )}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2 border-line border-t px-5 py-3 text-ink-3 text-xs">
        <span>{t("session.bridge", { bridge: session.bridge })}</span>
        {session.last_seen && <span>{t("session.last_seen", { time: fullTime(session.last_seen) })}</span>}
        <span className="flex-1" />
        {linked && can.logout && (
          <Button size="sm" look="ghost" className="text-danger-ink" onClick={() => setLeaving(true)}>
            <LogOut aria-hidden className="size-4" />
            {t("session.logout")}
          </Button>
        )}
      </div>
      {leaving && (
        <Suspense>
          <LogoutDialog session={session} onClose={() => setLeaving(false)} />
        </Suspense>
      )}
    </Card>
  );
}
