import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/ui/dialog";
import { InputField } from "@/components/ui/field";
import { toast } from "@/components/ui/toasts";
import { api } from "@/lib/api";
import type { Session } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { prettyPhone } from "@/lib/phone";

const DIGITS = 4;

/** Stops everyone's work until someone scans again: the number's last digits are asked for. */
export default function LogoutDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const t = useT();
  const cache = useQueryClient();
  const [typed, setTyped] = useState("");
  const expected = session.phone?.replace(/\D/g, "").slice(-DIGITS) ?? "";
  const logout = useMutation({
    mutationFn: () => api.logout(session.id),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["sessions"] });
      toast(t("logout.done"));
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("logout.title", { name: session.name })}
      about={t("logout.about")}
      submit={t("session.logout")}
      danger
      busy={logout.isPending}
      disabled={typed !== expected}
      error={logout.error}
      onSubmit={() => logout.mutate()}
      onClose={onClose}
    >
      {expected && (
        <InputField
          label={t("logout.digits", { count: DIGITS, phone: prettyPhone(session.phone) })}
          inputMode="numeric"
          autoComplete="off"
          maxLength={DIGITS}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoFocus
        />
      )}
    </FormDialog>
  );
}
