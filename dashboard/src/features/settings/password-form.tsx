import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { InputField } from "@/components/ui/field";
import { explain } from "@/components/ui/states";
import { toast } from "@/components/ui/toasts";
import { ApiError, api } from "@/lib/api";
import { useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";

export function PasswordForm() {
  const t = useT();
  const { attendant: me } = useMe();
  const change = useMutation({
    mutationFn: (form: FormData) => api.changePassword(String(form.get("current")), String(form.get("new"))),
  });
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    change.mutate(new FormData(form), {
      onSuccess: () => {
        form.reset();
        toast(t("settings.password_changed"));
      },
    });
  };
  const error = change.error;
  return (
    <form onSubmit={save} className="flex flex-col gap-4">
      {/* For password managers: whose password it is. */}
      <input type="text" name="email" autoComplete="username" value={me.email} readOnly hidden />
      <InputField
        label={t("field.current_password")}
        name="current"
        type="password"
        autoComplete="current-password"
        required
      />
      <InputField
        label={t("field.new_password")}
        name="new"
        type="password"
        autoComplete="new-password"
        minLength={10}
        hint={t("field.password_hint")}
        error={error instanceof ApiError ? error.reasonFor("new") : undefined}
        required
      />
      {error && (
        <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-danger-ink">
          {explain(error)}
        </p>
      )}
      <div>
        <Button type="submit" busy={change.isPending}>
          {t("settings.change_password")}
        </Button>
      </div>
    </form>
  );
}
