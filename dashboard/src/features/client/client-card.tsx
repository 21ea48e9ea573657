// Everything about one client that can be known and changed.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { GitMerge } from "lucide-react";
import { Suspense, useState } from "react";
import { Avatar } from "@/components/ui/avatar";
import { Button } from "@/components/ui/button";
import { inputClass } from "@/components/ui/field";
import { Failure, Skeletons } from "@/components/ui/states";
import { toastError } from "@/components/ui/toasts";
import { api } from "@/lib/api";
import type { Client } from "@/lib/api/types";
import { useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { fullTime } from "@/lib/i18n/time";
import { lazily } from "@/lib/lazily";
import { clientName, prettyPhone } from "@/lib/phone";
import { queries } from "@/lib/queries";
import { Block } from "./block";
import { Earlier } from "./earlier";
import { EditableName } from "./editable-name";
import { Merges } from "./merges";
import { Tags } from "./tags";

const MergeDialog = lazily(() => import("./merge-dialog"));

export type ClientChange = { name?: string; notes?: string; tags?: string[] };

export function ClientCard({ id, except }: { id: string; except?: string }) {
  const t = useT();
  const { attendant: me } = useMe();
  const cache = useQueryClient();
  const query = useQuery(queries.client(id));
  const [merging, setMerging] = useState(false);
  const change = useMutation({
    mutationFn: (body: ClientChange) => api.changeClient(id, body),
    onSuccess: (client) => cache.setQueryData(queries.client(id).queryKey, client),
    onError: toastError,
  });
  if (query.isError) return <Failure error={query.error} retry={() => query.refetch()} />;
  if (!query.data) return <Skeletons count={4} />;
  const client = query.data;
  const name = clientName(client) || t("client.nameless");
  return (
    <>
      <div className="flex flex-col items-center gap-2 px-4 pt-6 pb-4 text-center">
        <Avatar name={name} seed={client.id} size="lg" />
        <EditableName name={client.name} shown={name} onSave={(next) => change.mutate({ name: next })} />
        <p className="text-ink-3 text-xs">{t("client.since", { time: fullTime(client.created_at) })}</p>
      </div>
      <Block title={t("client.identities")}>
        <Identities client={client} />
      </Block>
      <Block title={t("client.tags")}>
        <Tags tags={client.tags} onChange={(tags) => change.mutate({ tags })} />
      </Block>
      <Block title={t("client.notes")}>
        <Notes key={client.id} client={client} onSave={(notes) => change.mutate({ notes })} />
      </Block>
      <Block title={t("client.earlier")}>
        <Earlier clientId={id} except={except} />
      </Block>
      <Merges clientId={id} />
      {me.role !== "attendant" && (
        <div className="border-line border-t px-4 py-3">
          <Button size="sm" look="ghost" className="-ml-2" onClick={() => setMerging(true)}>
            <GitMerge aria-hidden className="size-4" />
            {t("merge.open")}
          </Button>
        </div>
      )}
      {merging && (
        <Suspense>
          <MergeDialog client={client} onClose={() => setMerging(false)} />
        </Suspense>
      )}
    </>
  );
}

function Identities({ client }: { client: Client }) {
  const t = useT();
  return (
    <dl className="flex flex-col gap-1">
      {client.identities.map(({ kind, value }) => (
        <div key={`${kind} ${value}`} className="flex items-baseline gap-2">
          <dt className="w-20 shrink-0 text-ink-3 text-xs">{t(`identity.${kind}`)}</dt>
          <dd className="min-w-0 select-all break-all">{kind === "phone" ? prettyPhone(value) : value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Notes({ client, onSave }: { client: Client; onSave: (notes: string) => void }) {
  const t = useT();
  const [text, setText] = useState(client.notes);
  return (
    <textarea
      aria-label={t("client.notes")}
      placeholder={t("client.notes_hint")}
      rows={3}
      value={text}
      maxLength={4000}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => text !== client.notes && onSave(text)}
      className={`${inputClass} resize-y py-2`}
    />
  );
}
