// Another text for a reply; WhatsApp decides, and the feed tells when it is done.
import { useMutation } from "@tanstack/react-query";
import { FormDialog } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/field";
import { ApiError, api } from "@/lib/api";
import type { Message } from "@/lib/api/types";
import { useT } from "@/lib/i18n";

export default function EditDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const t = useT();
  const edit = useMutation({
    mutationFn: (form: FormData) => api.edit(message.id, String(form.get("text"))),
    onSuccess: onClose,
  });
  return (
    <FormDialog
      title={t("message.edit")}
      submit={t("action.save")}
      busy={edit.isPending}
      error={edit.error}
      onSubmit={(form) => edit.mutate(form)}
      onClose={onClose}
    >
      <TextField
        label={t("message.edit_text")}
        error={edit.error instanceof ApiError ? edit.error.reasonFor("text") : undefined}
        name="text"
        dir="auto"
        defaultValue={message.text}
        required
        maxLength={4096}
        autoFocus
      />
    </FormDialog>
  );
}
