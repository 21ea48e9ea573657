import { useQuery } from "@tanstack/react-query";
import { Plus, QrCode } from "lucide-react";
import { Suspense, useState } from "react";
import { Button } from "@/components/ui/button";
import { Empty, Failure, Skeletons } from "@/components/ui/states";
import { useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { lazily } from "@/lib/lazily";
import { queries } from "@/lib/queries";
import { Page } from "../shell/page";
import { Forbidden } from "../shell/pages";
import { SessionCard } from "./session-card";

const AddDialog = lazily(() => import("./add-dialog"));

/** The feed brings every change; this is for what the feed lost. */
const LOOK_EVERY = 20_000;

export function SessionsPage() {
  const t = useT();
  const { attendant: me } = useMe();
  const query = useQuery({ ...queries.sessions(), refetchInterval: LOOK_EVERY });
  const bridges = useQuery(queries.bridges(me.role !== "attendant")).data ?? [];
  const [adding, setAdding] = useState(false);
  if (me.role === "attendant") return <Forbidden />;
  const add = me.role === "admin" && bridges.length > 0 && (
    <Button look="primary" size="sm" onClick={() => setAdding(true)}>
      <Plus aria-hidden className="size-4" />
      {t("session.add")}
    </Button>
  );
  return (
    <Page title={t("nav.sessions")} about={t("session.about")} action={add}>
      {query.isError && <Failure error={query.error} retry={() => query.refetch()} />}
      {query.isPending && <Skeletons count={2} className="h-28" />}
      {query.data?.length === 0 && <Empty icon={<QrCode />} title={t("session.none")} />}
      <div className="flex flex-col gap-4">
        {query.data?.map((session) => (
          <SessionCard
            key={session.id}
            session={session}
            bridge={bridges.find((it) => it.name === session.bridge)}
          />
        ))}
      </div>
      <Suspense>{adding && <AddDialog bridges={bridges} onClose={() => setAdding(false)} />}</Suspense>
    </Page>
  );
}
