// A client found by search, with nothing of theirs opened yet.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ArrowLeft, MessageSquarePlus } from "lucide-react";
import { Suspense, useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { useT } from "@/lib/i18n";
import { lazily } from "@/lib/lazily";
import { clientName } from "@/lib/phone";
import { queries } from "@/lib/queries";
import { ClientCard } from "./client-card";

const StartDialog = lazily(() => import("../inbox/start-dialog"));

export function ClientPage({ id }: { id: string }) {
  const t = useT();
  const navigate = useNavigate();
  const client = useQuery(queries.client(id)).data;
  const [starting, setStarting] = useState(false);
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col overflow-y-auto">
      <header className="flex h-14 shrink-0 items-center gap-2 border-line border-b bg-surface px-2 sm:px-4">
        <IconButton
          label={t("action.back")}
          className="md:hidden"
          onClick={() => void navigate({ to: "/inbox", search: (old) => old })}
        >
          <ArrowLeft />
        </IconButton>
        <h1 className="min-w-0 flex-1 truncate font-semibold">{client && clientName(client)}</h1>
        <Button look="primary" size="sm" disabled={!client} onClick={() => setStarting(true)}>
          <MessageSquarePlus aria-hidden className="size-4" />
          {t("client.write")}
        </Button>
      </header>
      <div className="mx-auto w-full max-w-xl p-3 sm:p-6">
        <div className="rounded-2xl border border-line bg-surface">
          <ClientCard id={id} />
        </div>
      </div>
      {starting && client && (
        <Suspense>
          <StartDialog
            client={client}
            onClose={() => setStarting(false)}
            onStarted={(attendanceId) =>
              void navigate({ to: "/inbox/$attendanceId", params: { attendanceId }, search: { tab: "mine" } })
            }
          />
        </Suspense>
      )}
    </div>
  );
}
