import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps, useNavigate, useParams } from "@tanstack/react-router";
import {
  CircleHelp,
  Inbox,
  LogOut,
  MailWarning,
  Moon,
  QrCode,
  Settings,
  Smartphone,
  UserRound,
  Users,
} from "lucide-react";
import type { ReactNode } from "react";
import { Avatar } from "@/components/ui/avatar";
import { cx } from "@/components/ui/cx";
import { Menu } from "@/components/ui/menu";
import { toastError } from "@/components/ui/toasts";
import { api } from "@/lib/api";
import { useLiveState, useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { queries, queryClient } from "@/lib/queries";
import { rememberSignedIn } from "@/lib/signed-in";
import { Logo } from "./logo";
import { openPhone } from "./open-phone";

const item =
  "relative flex flex-col items-center justify-center gap-0.5 rounded-xl text-ink-3 transition-colors hover:bg-hover hover:text-ink size-11 max-md:h-14 max-md:w-auto max-md:min-w-0 max-md:flex-1 max-md:rounded-none [&_svg]:size-5";

export function Navigation({ onHelp }: { onHelp: () => void }) {
  const t = useT();
  const { attendant: me, simulator } = useMe();
  const unread = useQuery(queries.counts()).data?.unread ?? 0;
  const isAdmin = me.role === "admin";
  const lettersWait = useQuery(queries.lettersWait(isAdmin)).data ?? false;
  const params = useParams({ strict: false });
  const reading = params.attendanceId !== undefined || params.clientId !== undefined;
  return (
    <nav
      aria-label={t("nav.main")}
      className={cx(
        "z-10 flex shrink-0 border-line bg-surface max-md:border-t max-md:pb-[env(safe-area-inset-bottom)] md:w-15 md:flex-col md:items-center md:gap-1 md:border-r md:py-3",
        reading && "max-md:hidden",
      )}
    >
      <Logo className="mb-2 size-8 max-md:hidden" />
      <Place to="/inbox" label={t("nav.inbox")} icon={<Inbox />} count={unread} />
      {me.role !== "attendant" && <Place to="/sessions" label={t("nav.sessions")} icon={<QrCode />} />}
      {isAdmin && <Place to="/team" label={t("nav.team")} icon={<Users />} />}
      {isAdmin && (
        <Place
          to="/dead-letters"
          label={t("nav.letters")}
          icon={<MailWarning />}
          news={lettersWait ? t("letter.some_wait") : undefined}
        />
      )}
      <Place to="/settings" label={t("nav.settings")} icon={<Settings />} />
      <div className="flex-1 max-md:hidden" />
      {simulator && (
        <button
          type="button"
          className={cx(item, "max-md:hidden")}
          aria-label={t("simulator.open")}
          title={t("simulator.open")}
          onClick={openPhone}
        >
          <Smartphone aria-hidden />
        </button>
      )}
      <button
        type="button"
        className={cx(item, "max-md:hidden")}
        aria-label={t("nav.help")}
        title={`${t("nav.help")} (?)`}
        onClick={onHelp}
      >
        <CircleHelp aria-hidden />
      </button>
      <OwnMenu />
    </nav>
  );
}

interface PlaceProps {
  to: LinkProps["to"];
  label: string;
  icon: ReactNode;
  count?: number;
  /** Said aloud, and a dot for who sees. */
  news?: string;
}

function Place({ to, label, icon, count = 0, news }: PlaceProps) {
  const t = useT();
  return (
    <Link
      to={to}
      title={label}
      className={item}
      activeProps={{ className: "bg-selected text-accent-ink hover:bg-selected hover:text-accent-ink" }}
    >
      {icon}
      <span className="max-w-full truncate text-2xs md:sr-only">{label}</span>
      {count > 0 && <span className="sr-only">{t("inbox.unread", { count })}</span>}
      {count > 0 && (
        <span
          aria-hidden
          className="absolute top-1 right-1 min-w-4 rounded-full bg-danger px-1 text-center font-semibold text-[0.625rem] text-white leading-4 max-md:right-[calc(50%-1.25rem)] dark:text-black"
        >
          {count > 99 ? "99+" : count}
        </span>
      )}
      {news && <span className="sr-only">{news}</span>}
      {news && (
        <span
          aria-hidden
          className="absolute top-2 right-2 size-2 rounded-full bg-danger max-md:right-[calc(50%-1rem)]"
        />
      )}
    </Link>
  );
}

function OwnMenu() {
  const t = useT();
  const { attendant: me } = useMe();
  const online = useLiveState() === "online";
  const navigate = useNavigate();
  const presence = !online ? "offline" : me.away ? "away" : "online";
  const toggleAway = async () => {
    try {
      await api.changeMe({ away: !me.away });
      await queryClient.invalidateQueries({ queryKey: ["me"] });
    } catch (error) {
      toastError(error);
    }
  };
  const signOut = async () => {
    try {
      // Whoever signs in here next is not to be told what comes for somebody else.
      await import("@/lib/push").then((push) => push.stopPush()).catch(() => {});
      await api.signOut();
    } catch {
      // Whatever the server says: here it ends.
    }
    queryClient.clear();
    rememberSignedIn(false);
    await navigate({ to: "/sign-in", replace: true });
  };
  const trigger = (
    <button
      type="button"
      data-presence={presence}
      className="flex items-center justify-center rounded-full p-1.5 max-md:flex-1"
      aria-label={t("nav.own_menu", { name: me.name, presence: t(`presence.${presence}`) })}
    >
      <Avatar name={me.name} seed={me.id} presence={presence} />
    </button>
  );
  const header = (
    <div className="px-2.5 pt-1.5 pb-2">
      <p className="max-w-52 truncate font-medium">{me.name}</p>
      <p className="max-w-52 truncate text-ink-3 text-xs">{me.email}</p>
    </div>
  );
  const away = t(me.away ? "presence.be_available" : "presence.be_away");
  const settings = () => void navigate({ to: "/settings" });
  return (
    <Menu
      trigger={trigger}
      side="right"
      header={header}
      groups={[
        [
          { key: "away", label: away, icon: <Moon />, onClick: toggleAway },
          { key: "settings", label: t("nav.settings"), icon: <UserRound />, onClick: settings },
        ],
        [{ key: "out", label: t("action.sign_out"), icon: <LogOut />, onClick: signOut }],
      ]}
    />
  );
}
