// What everyone must know: offline, number not connected, nothing is real, new version.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CloudOff, FlaskConical, RefreshCw, Route, Unplug } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { cx } from "@/components/ui/cx";
import { useDetour, useLiveState, useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { elapsed } from "@/lib/i18n/time";
import { queries } from "@/lib/queries";
import { useOutdated } from "@/lib/version";
import { openPhone } from "./open-phone";

/** A reconnection that takes less is nobody's business. */
const OFFLINE_AFTER = 2_000;

export function Banners() {
  return (
    <>
      <NewVersion />
      <Offline />
      <Detour />
      <Disconnected />
      <Simulated />
    </>
  );
}

interface BarProps {
  tone: "danger" | "warn" | "info";
  icon: ReactNode;
  children: ReactNode;
  action?: ReactNode;
  role?: "alert" | "status";
}

const TONES = {
  danger: "bg-danger-soft text-danger-ink",
  warn: "bg-warn-soft text-warn-ink",
  info: "bg-info-soft text-info-ink",
};

function Bar({ tone, icon, children, action, role = "status" }: BarProps) {
  return (
    <div
      role={role}
      className={cx(
        "flex shrink-0 items-center justify-center gap-2 border-line border-b px-3 py-1.5 text-[0.8125rem] [&_svg]:size-4 [&_svg]:shrink-0",
        TONES[tone],
      )}
    >
      {icon}
      <span className="min-w-0">{children}</span>
      {action}
    </div>
  );
}

const barAction = "shrink-0 rounded font-medium underline underline-offset-2 pointer-coarse:py-2";

/** Whether it is so, and has been for a while. */
function useLasting(it: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (!it) return;
    const timer = setTimeout(() => setLate(true), OFFLINE_AFTER);
    return () => clearTimeout(timer);
  }, [it]);
  return it && late;
}

function Offline() {
  const t = useT();
  if (!useLasting(useLiveState() !== "online")) return null;
  return (
    <Bar tone="warn" icon={<CloudOff aria-hidden />}>
      {t("banner.offline")}
    </Bar>
  );
}

/** Nothing is missing, but somebody should look why. */
function Detour() {
  const t = useT();
  const online = useLiveState() === "online";
  if (!useLasting(useDetour() && online)) return null;
  return (
    <Bar tone="info" icon={<Route aria-hidden />}>
      {t("banner.detour")}
    </Bar>
  );
}

function Disconnected() {
  const t = useT();
  const { attendant: me } = useMe();
  const sessions = useQuery(queries.sessions()).data ?? [];
  const down = sessions.find((session) => session.state !== "connected" && session.state !== "starting");
  if (!down) return null;
  const action =
    me.role === "attendant" ? null : (
      <Link to="/sessions" className={barAction}>
        {t("banner.see_sessions")}
      </Link>
    );
  return (
    <Bar tone="danger" icon={<Unplug aria-hidden />} role="alert" action={action}>
      <strong>{down.name}</strong>: {t(`session.state.${down.state}`)} ({elapsed(down.since)}).{" "}
      {t("banner.session_down")}
      {me.role === "attendant" && ` ${t("banner.tell_manager")}`}
    </Bar>
  );
}

function Simulated() {
  const t = useT();
  if (!useMe().simulator) return null;
  const action = (
    <button type="button" className={barAction} onClick={openPhone}>
      {t("simulator.open_short")}
    </button>
  );
  return (
    <Bar tone="info" icon={<FlaskConical aria-hidden />} action={action}>
      {t("simulator.banner")}
    </Bar>
  );
}

function NewVersion() {
  const t = useT();
  if (!useOutdated()) return null;
  const action = (
    <button type="button" className={barAction} onClick={() => location.reload()}>
      {t("action.reload")}
    </button>
  );
  return (
    <Bar tone="info" icon={<RefreshCw aria-hidden />} action={action}>
      {t("banner.new_version")}
    </Bar>
  );
}
