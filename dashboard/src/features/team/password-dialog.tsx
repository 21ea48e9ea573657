import { useMutation } from "@tanstack/react-query";
import { FormDialog } from "@/components/ui/dialog";
import { InputField } from "@/components/ui/field";
import { toast } from "@/components/ui/toasts";
import { ApiError, api } from "@/lib/api";
import type { Attendant } from "@/lib/api/types";
import { useT } from "@/lib/i18n";

export default function PasswordDialog({
  attendant,
  onClose,
}: {
  attendant: Attendant;
  onClose: () => void;
}) {
  const t = useT();
  const save = useMutation({
    mutationFn: (password: string) => api.setPassword(attendant.id, password),
    onSuccess: () => {
      toast(t("team.saved", { name: attendant.name }));
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("team.set_password")}
      about={t("team.set_password_about", { name: attendant.name })}
      submit={t("action.save")}
      busy={save.isPending}
      error={save.error}
      onSubmit={(form) => save.mutate(String(form.get("new")))}
      onClose={onClose}
    >
      <InputField
        label={t("field.new_password")}
        name="new"
        type="password"
        autoComplete="new-password"
        minLength={10}
        hint={t("field.password_hint")}
        error={save.error instanceof ApiError ? save.error.reasonFor("new") : undefined}
        required
        autoFocus
      />
    </FormDialog>
  );
}
