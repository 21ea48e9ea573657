import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { cx } from "@/components/ui/cx";
import { FormDialog } from "@/components/ui/dialog";
import { InputField } from "@/components/ui/field";
import { toast } from "@/components/ui/toasts";
import { api, type TransferTarget } from "@/lib/api";
import type { Attendance, Attendant } from "@/lib/api/types";
import { useDesk } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { queries } from "@/lib/queries";

/** Those who can answer now come first. */
function ready(one: Attendant): number {
  return one.online && !one.away ? 0 : one.online ? 1 : 2;
}

export default function TransferDialog({ row, onClose }: { row: Attendance; onClose: () => void }) {
  const t = useT();
  const { board, sync } = useDesk();
  const [target, setTarget] = useState<string | null>(null);
  const sectors = useQuery(queries.sectors()).data ?? [];
  const people = (useQuery(queries.attendants()).data ?? [])
    .filter((one) => one.active && one.id !== row.attendant?.id)
    .sort((a, b) => ready(a) - ready(b) || a.name.localeCompare(b.name));
  const transfer = useMutation({
    mutationFn: (reason: string) => {
      const [kind, id] = (target as string).split(":") as ["attendant" | "sector", string];
      const to = kind === "attendant" ? { attendant_id: id } : { sector_id: id };
      return api.transfer(row.id, { ...to, ...(reason && { reason }) } as TransferTarget);
    },
    onSuccess: (changed) => {
      board.put(changed);
      sync.askCounts();
      toast(t("transfer.done", { to: changed.attendant?.name ?? changed.sector.name }));
      onClose();
    },
  });
  const choice = (value: string) => ({ value, checked: target === value, onPick: () => setTarget(value) });
  return (
    <FormDialog
      title={t("transfer.title")}
      about={t("transfer.about")}
      submit={t("action.transfer")}
      busy={transfer.isPending}
      disabled={!target}
      error={transfer.error}
      onSubmit={(form) => transfer.mutate(String(form.get("reason") ?? "").trim())}
      onClose={onClose}
    >
      <fieldset className="flex flex-col gap-0.5">
        <legend className="mb-1 font-medium text-[0.8125rem] text-ink-2">{t("transfer.to_sector")}</legend>
        {sectors.map((sector) => (
          <Option key={sector.id} {...choice(`sector:${sector.id}`)}>
            <span className="flex-1 truncate">{sector.name}</span>
            {sector.id === row.sector.id && <Badge>{t("transfer.here_now")}</Badge>}
          </Option>
        ))}
      </fieldset>
      {people.length > 0 && (
        <fieldset className="flex flex-col gap-0.5">
          <legend className="mb-1 font-medium text-[0.8125rem] text-ink-2">
            {t("transfer.to_attendant")}
          </legend>
          {people.map((one) => (
            <Option key={one.id} {...choice(`attendant:${one.id}`)}>
              <Avatar name={one.name} seed={one.id} size="sm" presence={presence(one)} />
              <span className="flex-1 truncate">{one.name}</span>
              <span className="text-ink-3 text-xs">{t(`presence.${presence(one)}`)}</span>
              <span className="text-ink-3 text-xs tabular-nums">
                {one.open_attendances}/{one.capacity}
              </span>
            </Option>
          ))}
        </fieldset>
      )}
      <InputField label={t("field.reason_optional")} name="reason" maxLength={500} autoComplete="off" />
    </FormDialog>
  );
}

function presence(one: Attendant): "online" | "away" | "offline" {
  if (!one.online) return "offline";
  return one.away ? "away" : "online";
}

interface OptionProps {
  value: string;
  checked: boolean;
  onPick: () => void;
  children: React.ReactNode;
}

function Option({ value, checked, onPick, children }: OptionProps) {
  return (
    <label
      className={cx(
        "flex min-h-10 cursor-pointer items-center gap-2.5 rounded-lg px-2.5 has-focus-visible:outline-2 has-focus-visible:outline-focus",
        checked ? "bg-selected" : "hover:bg-hover",
      )}
    >
      <input
        type="radio"
        name="target"
        value={value}
        checked={checked}
        onChange={onPick}
        className="size-4 accent-accent"
      />
      {children}
    </label>
  );
}
