// The first minutes of a new installation, as four steps that tick themselves off.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowRight, Check } from "lucide-react";
import type { ReactNode } from "react";
import { buttonClass } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { queries } from "@/lib/queries";
import { openPhone } from "../shell/open-phone";

export function FirstRun() {
  const t = useT();
  const { attendant: me, simulator } = useMe();
  const sessions = useQuery(queries.sessions()).data ?? [];
  const people = useQuery(queries.attendants()).data ?? [];
  const connected = sessions.some((session) => session.state === "connected");
  const small = buttonClass("plain", "sm");
  return (
    <section
      aria-label={t("first_run.title")}
      className="w-full max-w-lg rounded-2xl border border-line bg-surface p-5 sm:p-6"
    >
      <h2 className="font-semibold text-lg tracking-tight">{t("first_run.title")}</h2>
      <p className="mt-1 text-ink-3">{t("first_run.about")}</p>
      <ol className="mt-5 flex flex-col gap-1">
        <Step done title={t("first_run.signed_in")} />
        <Step
          done={connected}
          title={t("first_run.connect")}
          about={t(simulator ? "first_run.connect_simulated" : "first_run.connect_about")}
          action={
            me.role !== "attendant" && (
              <Link to="/sessions" className={small}>
                {t("nav.sessions")}
              </Link>
            )
          }
        />
        <Step
          done={false}
          title={t("first_run.write")}
          about={t(simulator ? "first_run.write_simulated" : "first_run.write_about")}
          action={
            simulator && (
              <button type="button" className={buttonClass("primary", "sm")} onClick={openPhone}>
                {t("simulator.open_short")}
                <ArrowRight aria-hidden className="size-4" />
              </button>
            )
          }
        />
        <Step
          done={people.length > 1}
          title={t("first_run.team")}
          about={t("first_run.team_about")}
          action={
            me.role === "admin" && (
              <Link to="/team" className={small}>
                {t("nav.team")}
              </Link>
            )
          }
        />
      </ol>
    </section>
  );
}

function Step({
  done,
  title,
  about,
  action,
}: {
  done: boolean;
  title: string;
  about?: string;
  action?: ReactNode;
}) {
  const t = useT();
  return (
    <li className="flex items-center gap-3 rounded-xl px-1 py-2">
      <span
        className={cx(
          "flex size-6 shrink-0 items-center justify-center rounded-full border",
          done ? "border-accent bg-accent text-on-accent" : "border-line-strong",
        )}
      >
        {done && <Check aria-hidden className="size-3.5" strokeWidth={3} />}
        <span className="sr-only">{t(done ? "first_run.done" : "first_run.to_do")}</span>
      </span>
      <span className="min-w-0 flex-1">
        <span className={cx("block font-medium", done && "text-ink-3")}>{title}</span>
        {about && !done && <span className="block text-[0.8125rem] text-ink-3">{about}</span>}
      </span>
      {!done && action}
    </li>
  );
}
