import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/ui/dialog";
import { InputField } from "@/components/ui/field";
import { toast } from "@/components/ui/toasts";
import { api } from "@/lib/api";
import type { Session } from "@/lib/api/types";
import { useT } from "@/lib/i18n";

/** There is no way back: the name is asked for. */
export default function RemoveDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const t = useT();
  const cache = useQueryClient();
  const [typed, setTyped] = useState("");
  const remove = useMutation({
    mutationFn: () => api.removeSession(session.id),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["sessions"] });
      toast(t("session.removed", { name: session.name }));
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("session.remove_title", { name: session.name })}
      about={t("session.remove_about")}
      submit={t("session.remove")}
      danger
      busy={remove.isPending}
      disabled={typed.trim() !== session.name}
      error={remove.error}
      onSubmit={() => remove.mutate()}
      onClose={onClose}
    >
      <InputField
        label={t("session.remove_confirm", { name: session.name })}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        autoFocus
      />
    </FormDialog>
  );
}
