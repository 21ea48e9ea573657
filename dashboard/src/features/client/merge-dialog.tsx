import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Avatar } from "@/components/ui/avatar";
import { cx } from "@/components/ui/cx";
import { FormDialog } from "@/components/ui/dialog";
import { InputField } from "@/components/ui/field";
import { toast } from "@/components/ui/toasts";
import { api } from "@/lib/api";
import type { Client } from "@/lib/api/types";
import { useDesk } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { clientName, prettyPhone } from "@/lib/phone";
import { queries } from "@/lib/queries";

export default function MergeDialog({ client, onClose }: { client: Client; onClose: () => void }) {
  const t = useT();
  const cache = useQueryClient();
  const { sync } = useDesk();
  const [q, setQ] = useState("");
  const [other, setOther] = useState<Client | null>(null);
  const found = (useQuery(queries.searchClients(q.trim())).data?.items ?? []).filter(
    (one) => one.id !== client.id,
  );
  const merge = useMutation({
    mutationFn: () => api.mergeClient(client.id, (other as Client).id),
    onSuccess: async (merged) => {
      cache.setQueryData(queries.client(merged.id).queryKey, merged);
      sync.refetchAll();
      toast(t("merge.done"));
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("merge.title")}
      about={t("merge.about", { name: clientName(client) })}
      submit={t("merge.confirm")}
      danger
      busy={merge.isPending}
      disabled={!other}
      error={merge.error}
      onSubmit={() => merge.mutate()}
      onClose={onClose}
    >
      <InputField
        label={t("merge.search")}
        value={q}
        onChange={(event) => setQ(event.target.value)}
        autoComplete="off"
        autoFocus
      />
      <div className="flex min-h-24 flex-col gap-0.5">
        {found.map((one) => (
          <button
            key={one.id}
            type="button"
            aria-pressed={other?.id === one.id}
            onClick={() => setOther(one)}
            className={cx(
              "flex items-center gap-3 rounded-lg px-2.5 py-1.5 text-left",
              other?.id === one.id ? "bg-selected" : "hover:bg-hover",
            )}
          >
            <Avatar name={clientName(one)} seed={one.id} size="sm" />
            <span className="min-w-0 flex-1 truncate">{clientName(one)}</span>
            <span className="text-ink-3 text-xs">{prettyPhone(one.phone)}</span>
          </button>
        ))}
      </div>
    </FormDialog>
  );
}
