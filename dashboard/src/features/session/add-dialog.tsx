// Another number: by which way to WhatsApp, and what an unofficial way risks.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { FormDialog } from "@/components/ui/dialog";
import { Check, InputField, SelectField } from "@/components/ui/field";
import { toast } from "@/components/ui/toasts";
import { ApiError, api } from "@/lib/api";
import type { Bridge } from "@/lib/api/types";
import { useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { acceptRisk, RiskText } from "./risk";

const NAME_LIMIT = 80;

export default function AddDialog({ bridges, onClose }: { bridges: Bridge[]; onClose: () => void }) {
  const t = useT();
  const cache = useQueryClient();
  const { attendant: me } = useMe();
  const key = useRef(crypto.randomUUID());
  const [chosen, setChosen] = useState((bridges.find((it) => it.official) ?? bridges[0])?.name ?? "");
  const bridge = bridges.find((it) => it.name === chosen);
  const add = useMutation({
    mutationFn: (form: FormData) =>
      api.createSession(
        {
          name: String(form.get("name")).trim(),
          bridge: chosen,
          account: String(form.get("account") ?? "").trim(),
        },
        key.current,
      ),
    onSuccess: async (added) => {
      if (bridge && !bridge.official) acceptRisk(me.id, added.id);
      await cache.invalidateQueries({ queryKey: ["sessions"] });
      toast(t("session.added", { name: added.name }));
      onClose();
    },
    onError: () => {
      key.current = crypto.randomUUID();
    },
  });
  const refused = (name: string) => (add.error instanceof ApiError ? add.error.reasonFor(name) : undefined);
  return (
    <FormDialog
      title={t("session.add")}
      about={t("session.add_about")}
      submit={t("session.add")}
      busy={add.isPending}
      error={add.error}
      onSubmit={(form) => add.mutate(form)}
      onClose={onClose}
    >
      <InputField
        label={t("session.name")}
        hint={t("session.name_hint")}
        error={refused("name")}
        name="name"
        required
        maxLength={NAME_LIMIT}
        autoComplete="off"
        autoFocus
      />
      <SelectField
        label={t("session.bridge_choice")}
        error={refused("bridge")}
        value={chosen}
        onChange={(event) => setChosen(event.target.value)}
        choices={bridges.map(({ name, official }) => ({
          value: name,
          label: `${name} (${t(official ? "session.official" : "session.unofficial")})`,
        }))}
      />
      {bridge?.account && (
        <InputField
          label={t("session.account")}
          hint={t("session.account_hint")}
          error={refused("account")}
          name="account"
          maxLength={NAME_LIMIT}
          autoComplete="off"
        />
      )}
      {bridge && !bridge.official && (
        <div className="rounded-xl bg-warn-soft p-4 text-warn-ink">
          <RiskText />
          <Check key={chosen} label={t("risk.accept")} name="risk" required className="mt-2" />
        </div>
      )}
    </FormDialog>
  );
}
