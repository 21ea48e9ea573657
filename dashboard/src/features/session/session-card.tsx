// One number: its state in one word, since when, and what can be done about it.
import { LogOut, Pencil, Trash2 } from "lucide-react";
import { Suspense, useState } from "react";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import type { Bridge, Session, SessionState } from "@/lib/api/types";
import { useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { elapsed, fullTime } from "@/lib/i18n/time";
import { lazily } from "@/lib/lazily";
import { prettyPhone } from "@/lib/phone";
import { useMinute } from "@/lib/use-minute";
import { Card } from "../shell/page";
import { Outages } from "./outages";
import { PairPanel } from "./pair-panel";
import { QrPanel } from "./qr-panel";
import { AfterWarning } from "./risk";

const DIALOGS = {
  logout: lazily(() => import("./logout-dialog")),
  rename: lazily(() => import("./rename-dialog")),
  remove: lazily(() => import("./remove-dialog")),
};

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

interface CardProps {
  session: Session;
  /** What its bridge can do; undefined while that is not known. */
  bridge: Bridge | undefined;
}

export function SessionCard({ session, bridge }: CardProps) {
  const t = useT();
  const now = useMinute();
  const { role } = useMe().attendant;
  const isAdmin = role === "admin";
  const [open, setOpen] = useState<keyof typeof DIALOGS | null>(null);
  const OpenDialog = open && DIALOGS[open];
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
      {session.state === "qr" && bridge && <Linking session={session} bridge={bridge} />}
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
        <span>
          {session.held_by ? t("session.held_by", { process: session.held_by }) : t("session.unheld")}
        </span>
        <span className="ml-auto flex flex-wrap justify-end gap-2">
          {isAdmin && (
            <>
              <Button size="sm" look="ghost" onClick={() => setOpen("rename")}>
                <Pencil aria-hidden className="size-4" />
                {t("session.rename")}
              </Button>
              <Button size="sm" look="ghost" className="text-danger-ink" onClick={() => setOpen("remove")}>
                <Trash2 aria-hidden className="size-4" />
                {t("session.remove")}
              </Button>
            </>
          )}
          {linked && bridge?.logout && (
            <Button size="sm" look="ghost" className="text-danger-ink" onClick={() => setOpen("logout")}>
              <LogOut aria-hidden className="size-4" />
              {t("session.logout")}
            </Button>
          )}
        </span>
      </div>
      {role !== "attendant" && <Outages session={session.id} />}
      <Suspense>{OpenDialog && <OpenDialog session={session} onClose={() => setOpen(null)} />}</Suspense>
    </Card>
  );
}

/** The code to scan, the code to type; before either, what an unofficial way risks. */
function Linking({ session, bridge }: { session: Session; bridge: Bridge }) {
  const ways = (
    <>
      <QrPanel session={session} />
      {bridge.pair_code && <PairPanel session={session} />}
    </>
  );
  return bridge.official ? ways : <AfterWarning session={session.id}>{ways}</AfterWarning>;
}
