import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { Suspense, useState } from "react";
import { Button } from "@/components/ui/button";
import { Failure, Skeletons } from "@/components/ui/states";
import type { Attendant, Sector } from "@/lib/api/types";
import { useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { lazily } from "@/lib/lazily";
import { queries } from "@/lib/queries";
import { Page } from "../shell/page";
import { Forbidden } from "../shell/pages";
import { Attendants } from "./attendants";
import { Sectors } from "./sectors";

const AttendantDialog = lazily(() => import("./attendant-dialog"));
const PasswordDialog = lazily(() => import("./password-dialog"));
const SectorDialog = lazily(() => import("./sector-dialog"));

type Open =
  | { what: "attendant"; attendant: Attendant | null }
  | { what: "password"; attendant: Attendant }
  | { what: "sector"; sector: Sector | null };

export function TeamPage() {
  const t = useT();
  const { attendant: me } = useMe();
  const attendants = useQuery(queries.attendants());
  const sectors = useQuery(queries.sectors());
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  if (me.role !== "admin") return <Forbidden />;
  const error = attendants.error ?? sectors.error;
  const retry = () => Promise.all([attendants.refetch(), sectors.refetch()]);
  return (
    <Page title={t("nav.team")} about={t("team.about")}>
      {error && <Failure error={error} retry={() => void retry()} />}
      {!error && (attendants.isPending || sectors.isPending) && <Skeletons />}
      {attendants.data && sectors.data && (
        <div className="flex flex-col gap-8">
          <section>
            <Heading title={t("team.attendants")}>
              <Button
                look="primary"
                size="sm"
                onClick={() => setOpen({ what: "attendant", attendant: null })}
              >
                <Plus aria-hidden className="size-4" />
                {t("team.new_attendant")}
              </Button>
            </Heading>
            <Attendants
              attendants={attendants.data}
              sectors={sectors.data}
              onEdit={(attendant) => setOpen({ what: "attendant", attendant })}
              onPassword={(attendant) => setOpen({ what: "password", attendant })}
            />
          </section>
          <section>
            <Heading title={t("team.sectors")}>
              <Button size="sm" onClick={() => setOpen({ what: "sector", sector: null })}>
                <Plus aria-hidden className="size-4" />
                {t("team.new_sector")}
              </Button>
            </Heading>
            <Sectors sectors={sectors.data} onEdit={(sector) => setOpen({ what: "sector", sector })} />
          </section>
        </div>
      )}
      <Suspense>
        {open?.what === "attendant" && (
          <AttendantDialog attendant={open.attendant} sectors={sectors.data ?? []} onClose={close} />
        )}
        {open?.what === "password" && <PasswordDialog attendant={open.attendant} onClose={close} />}
        {open?.what === "sector" && (
          <SectorDialog sector={open.sector} attendants={attendants.data ?? []} onClose={close} />
        )}
      </Suspense>
    </Page>
  );
}

function Heading({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="mb-3 flex items-center justify-between gap-3">
      <h2 className="font-semibold">{title}</h2>
      {children}
    </div>
  );
}
