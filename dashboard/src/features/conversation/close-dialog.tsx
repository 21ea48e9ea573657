import { useMutation, useQuery } from "@tanstack/react-query";
import { FormDialog } from "@/components/ui/dialog";
import { InputField } from "@/components/ui/field";
import { toast } from "@/components/ui/toasts";
import { api } from "@/lib/api";
import type { Attendance } from "@/lib/api/types";
import { useDesk } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { queries } from "@/lib/queries";

export default function CloseDialog({
  row,
  name,
  onClose,
}: {
  row: Attendance;
  name: string;
  onClose: () => void;
}) {
  const t = useT();
  const { board, sync } = useDesk();
  const sectors = useQuery(queries.sectors()).data ?? [];
  const asks = sectors.find((sector) => sector.id === row.sector.id)?.ask_feedback ?? false;
  const close = useMutation({
    mutationFn: (reason: string) => api.close(row.id, reason || undefined),
    onSuccess: (changed) => {
      board.put(changed);
      sync.askCounts();
      toast(t("close.done"));
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("close.title", { name })}
      about={t(asks ? "close.about_feedback" : "close.about")}
      submit={t("action.close")}
      busy={close.isPending}
      error={close.error}
      onSubmit={(form) => close.mutate(String(form.get("reason") ?? "").trim())}
      onClose={onClose}
    >
      <InputField
        label={t("field.reason_optional")}
        name="reason"
        maxLength={500}
        autoComplete="off"
        autoFocus
      />
    </FormDialog>
  );
}
