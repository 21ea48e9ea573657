import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { FormDialog } from "@/components/ui/dialog";
import { Check, InputField, SelectField } from "@/components/ui/field";
import { toast } from "@/components/ui/toasts";
import { ApiError, api } from "@/lib/api";
import type { Attendant, NewSector, Sector } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { minutes } from "./sectors";

interface DialogProps {
  sector: Sector | null;
  attendants: Attendant[];
  onClose: () => void;
}

/** People think in minutes; empty means the configured default. */
function seconds(value: FormDataEntryValue | null): number | null {
  return value ? Math.round(Number(value) * 60) : null;
}

/** The API keeps membership with the attendants; people think of it here as well. */
async function saveMembers(sectorId: string, attendants: Attendant[], members: string[]): Promise<void> {
  for (const one of attendants.filter((each) => each.active)) {
    const was = one.sectors.includes(sectorId);
    if (members.includes(one.id) === was) continue;
    const sectors = was ? one.sectors.filter((id) => id !== sectorId) : [...one.sectors, sectorId];
    await api.changeAttendant(one.id, { sectors });
  }
}

function bodyOf(form: FormData, sector: Sector | null): NewSector {
  return {
    name: String(form.get("name")).trim(),
    policy: form.get("policy") as Sector["policy"],
    close_after_seconds: seconds(form.get("close_after")),
    check_every_seconds: seconds(form.get("check_every")),
    when_client_waits: form.get("when_client_waits") as Sector["when_client_waits"],
    ask_feedback: form.get("ask_feedback") === "on",
    ...(form.get("is_default") === "on" && !sector?.is_default && { is_default: true }),
  };
}

export default function SectorDialog({ sector, attendants, onClose }: DialogProps) {
  const t = useT();
  const cache = useQueryClient();
  const key = useRef(crypto.randomUUID());
  const save = useMutation({
    mutationFn: async (form: FormData) => {
      const body = bodyOf(form, sector);
      const saved = await (sector ? api.changeSector(sector.id, body) : api.createSector(body, key.current));
      await saveMembers(saved.id, attendants, form.getAll("members").map(String));
      return saved;
    },
    onSuccess: async (saved) => {
      await Promise.all(
        ["attendants", "sectors", "me"].map((one) => cache.invalidateQueries({ queryKey: [one] })),
      );
      toast(t("team.saved", { name: saved.name }));
      onClose();
    },
    onError: () => {
      key.current = crypto.randomUUID();
    },
  });
  const field = (name: string) => (save.error instanceof ApiError ? save.error.reasonFor(name) : undefined);
  const inMinutes = (value: number | null | undefined) => (value == null ? "" : String(minutes(value)));
  return (
    <FormDialog
      wide
      title={sector ? sector.name : t("team.new_sector")}
      submit={t("action.save")}
      busy={save.isPending}
      error={save.error}
      onSubmit={(form) => save.mutate(form)}
      onClose={onClose}
    >
      <InputField
        label={t("field.name")}
        name="name"
        defaultValue={sector?.name}
        maxLength={80}
        error={field("name")}
        required
        autoFocus
      />
      <SelectField
        label={t("sector.policy")}
        name="policy"
        defaultValue={sector?.policy ?? "manual"}
        choices={(["manual", "least_busy"] as const).map((one) => ({
          value: one,
          label: t(`sector.policy.${one}`),
        }))}
      />
      <fieldset>
        <legend className="mb-1 font-medium text-[0.8125rem] text-ink-2">{t("sector.members")}</legend>
        <div className="grid sm:grid-cols-2">
          {attendants
            .filter((one) => one.active)
            .map((one) => (
              <Check
                key={one.id}
                name="members"
                value={one.id}
                label={one.name}
                defaultChecked={sector?.members.includes(one.id)}
              />
            ))}
        </div>
      </fieldset>
      <div className="grid gap-3 sm:grid-cols-2">
        <InputField
          label={t("sector.close_after")}
          name="close_after"
          type="number"
          min={0}
          step="any"
          placeholder={t("sector.by_default")}
          defaultValue={inMinutes(sector?.close_after_seconds)}
          error={field("close_after_seconds")}
        />
        <InputField
          label={t("sector.check_every")}
          name="check_every"
          type="number"
          min={0}
          step="any"
          placeholder={t("sector.by_default")}
          defaultValue={inMinutes(sector?.check_every_seconds)}
          error={field("check_every_seconds")}
        />
      </div>
      <SelectField
        label={t("sector.when_client_waits")}
        name="when_client_waits"
        defaultValue={sector?.when_client_waits ?? "close"}
        choices={(["close", "warn"] as const).map((one) => ({ value: one, label: t(`sector.waits.${one}`) }))}
      />
      <Check
        name="ask_feedback"
        label={t("sector.ask_feedback")}
        hint={t("sector.ask_feedback_hint")}
        defaultChecked={sector?.ask_feedback ?? true}
      />
      <Check
        name="is_default"
        label={t("sector.make_default")}
        hint={t("sector.make_default_hint")}
        defaultChecked={sector?.is_default}
        disabled={sector?.is_default}
      />
    </FormDialog>
  );
}
