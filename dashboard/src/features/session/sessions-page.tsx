import { useQuery } from "@tanstack/react-query";
import { QrCode } from "lucide-react";
import { Empty, Failure, Skeletons } from "@/components/ui/states";
import { useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { queries } from "@/lib/queries";
import { Page } from "../shell/page";
import { Forbidden } from "../shell/pages";
import { SessionCard } from "./session-card";

/** The feed brings every change; this is for what the feed lost. */
const LOOK_EVERY = 20_000;

export function SessionsPage() {
  const t = useT();
  const { attendant: me } = useMe();
  const query = useQuery({ ...queries.sessions(), refetchInterval: LOOK_EVERY });
  if (me.role === "attendant") return <Forbidden />;
  return (
    <Page title={t("nav.sessions")} about={t("session.about")}>
      {query.isError && <Failure error={query.error} retry={() => query.refetch()} />}
      {query.isPending && <Skeletons count={2} className="h-28" />}
      {query.data?.length === 0 && <Empty icon={<QrCode />} title={t("session.none")} />}
      <div className="flex flex-col gap-4">
        {query.data?.map((session) => (
          <SessionCard key={session.id} session={session} />
        ))}
      </div>
    </Page>
  );
}
