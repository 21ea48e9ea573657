// The frame of the signed-in dashboard: navigation, banners, live connection, shortcuts.
import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { Suspense, useCallback, useEffect, useState } from "react";
import { DeskProvider } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { useKeys } from "@/lib/keys";
import { lazily } from "@/lib/lazily";
import { showUnread } from "@/lib/notify";
import { queries, queryClient } from "@/lib/queries";
import { rememberSignedIn } from "@/lib/signed-in";
import { useRefusals } from "../conversation/use-refusals";
import { Banners } from "./banners";
import { Navigation } from "./navigation";

const Shortcuts = lazily(() => import("./shortcuts"));

export function Shell() {
  const { data: me } = useQuery(queries.me());
  const navigate = useNavigate();
  const onDenied = useCallback(() => {
    queryClient.clear();
    rememberSignedIn(false);
    void navigate({ to: "/sign-in", search: { back: location.pathname + location.search }, replace: true });
  }, [navigate]);
  if (!me) return null;
  return (
    <DeskProvider key={me.attendant.id} me={me} onDenied={onDenied}>
      <Frame />
    </DeskProvider>
  );
}

function Frame() {
  const t = useT();
  const [help, setHelp] = useState(false);
  useUnreadTitle();
  useNames();
  useRefusals();
  useKeys({ "?": () => setHelp(true) });
  return (
    <div className="flex h-dvh flex-col overflow-hidden">
      <a
        href="#content"
        className="sr-only z-50 rounded-lg bg-raised px-3 py-2 shadow-pop focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {t("nav.skip")}
      </a>
      <Banners />
      <div className="flex min-h-0 flex-1 flex-col-reverse md:flex-row">
        <Navigation onHelp={() => setHelp(true)} />
        <div id="content" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 outline-none">
          <Outlet />
        </div>
      </div>
      {help && (
        <Suspense>
          <Shortcuts onClose={() => setHelp(false)} />
        </Suspense>
      )}
    </div>
  );
}

function useUnreadTitle(): void {
  const t = useT();
  const unread = useQuery(queries.counts()).data?.unread ?? 0;
  const title = t("app.name");
  useEffect(() => showUnread(unread, title), [unread, title]);
}

/** Events name people, sectors and sessions by id: their names are kept at hand. */
function useNames(): void {
  useQuery(queries.sectors());
  useQuery(queries.attendants());
  useQuery(queries.sessions());
}
