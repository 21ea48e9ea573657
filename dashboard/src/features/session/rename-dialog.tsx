import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FormDialog } from "@/components/ui/dialog";
import { InputField } from "@/components/ui/field";
import { toast } from "@/components/ui/toasts";
import { ApiError, api } from "@/lib/api";
import type { Session } from "@/lib/api/types";
import { useT } from "@/lib/i18n";

export default function RenameDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const t = useT();
  const cache = useQueryClient();
  const rename = useMutation({
    mutationFn: (form: FormData) => api.changeSession(session.id, { name: String(form.get("name")).trim() }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["sessions"] });
      toast(t("session.renamed"));
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("session.rename_title", { name: session.name })}
      submit={t("session.rename")}
      busy={rename.isPending}
      error={rename.error}
      onSubmit={(form) => rename.mutate(form)}
      onClose={onClose}
    >
      <InputField
        label={t("session.name")}
        error={rename.error instanceof ApiError ? rename.error.reasonFor("name") : undefined}
        name="name"
        defaultValue={session.name}
        required
        maxLength={80}
        autoComplete="off"
        autoFocus
      />
    </FormDialog>
  );
}
