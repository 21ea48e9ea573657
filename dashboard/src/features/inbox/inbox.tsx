// The list and, beside it (or instead of it on a phone), whatever is open.
import { Outlet, useParams, useSearch } from "@tanstack/react-router";
import { cx } from "@/components/ui/cx";
import { useT } from "@/lib/i18n";
import { ListPane } from "./list-pane";

export function Inbox() {
  const t = useT();
  const params = useParams({ strict: false });
  const { tab = "waiting", sector = "", q = "" } = useSearch({ from: "/_app/inbox" });
  const open = params.attendanceId ?? params.clientId;
  return (
    <div className="flex min-h-0 min-w-0 flex-1">
      <section
        aria-label={t("nav.inbox")}
        className={cx(
          "flex min-h-0 w-full min-w-0 flex-col border-line bg-surface md:w-80 md:shrink-0 md:border-r lg:w-[22.5rem]",
          open && "max-md:hidden",
        )}
      >
        <ListPane tab={tab} sector={sector} q={q} openId={params.attendanceId} />
      </section>
      <main className={cx("flex min-h-0 min-w-0 flex-1 bg-canvas", !open && "max-md:hidden")}>
        <Outlet />
      </main>
    </div>
  );
}
