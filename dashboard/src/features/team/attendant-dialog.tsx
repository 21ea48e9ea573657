import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { FormDialog } from "@/components/ui/dialog";
import { Check, InputField, SelectField } from "@/components/ui/field";
import { toast } from "@/components/ui/toasts";
import { ApiError, api } from "@/lib/api";
import type { Attendant, Role, Sector } from "@/lib/api/types";
import { useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";

const ROLES: Role[] = ["attendant", "manager", "admin"];
const USUAL_CAPACITY = 10;

interface DialogProps {
  attendant: Attendant | null;
  sectors: Sector[];
  onClose: () => void;
}

export default function AttendantDialog({ attendant, sectors, onClose }: DialogProps) {
  const t = useT();
  const cache = useQueryClient();
  const { attendant: me } = useMe();
  const key = useRef(crypto.randomUUID());
  const save = useMutation({
    mutationFn: (form: FormData) => {
      const body = {
        name: String(form.get("name")).trim(),
        role: form.get("role") as Role,
        capacity: Number(form.get("capacity")),
        sectors: form.getAll("sectors").map(String),
      };
      if (attendant) {
        // A disabled box is not in the form: one's own account stays active.
        const active = attendant.id === me.id ? {} : { active: form.get("active") === "on" };
        const role = attendant.id === me.id ? { role: attendant.role } : {};
        return api.changeAttendant(attendant.id, { ...body, ...active, ...role });
      }
      const email = String(form.get("email")).trim();
      return api.createAttendant({ ...body, email, password: String(form.get("password")) }, key.current);
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
  const own = attendant?.id === me.id;
  return (
    <FormDialog
      title={attendant ? attendant.name : t("team.new_attendant")}
      submit={t("action.save")}
      busy={save.isPending}
      error={save.error}
      onSubmit={(form) => save.mutate(form)}
      onClose={onClose}
    >
      <InputField
        label={t("field.name")}
        name="name"
        defaultValue={attendant?.name}
        maxLength={120}
        error={field("name")}
        required
        autoFocus
      />
      {!attendant && (
        <>
          <InputField
            label={t("field.email")}
            name="email"
            type="email"
            autoComplete="off"
            error={field("email")}
            required
          />
          <InputField
            label={t("field.password")}
            name="password"
            type="password"
            autoComplete="new-password"
            minLength={10}
            hint={t("field.password_hint")}
            error={field("password")}
            required
          />
        </>
      )}
      <div className="grid grid-cols-2 gap-3">
        <SelectField
          label={t("field.role")}
          name="role"
          defaultValue={attendant?.role ?? "attendant"}
          disabled={own}
          hint={own ? t("team.own_role") : undefined}
          choices={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
        />
        <InputField
          label={t("field.capacity")}
          name="capacity"
          type="number"
          min={0}
          max={1000}
          defaultValue={attendant?.capacity ?? USUAL_CAPACITY}
          hint={t("team.capacity_hint")}
          error={field("capacity")}
          required
        />
      </div>
      <fieldset>
        <legend className="mb-1 font-medium text-[0.8125rem] text-ink-2">{t("team.sectors")}</legend>
        {sectors.map((sector) => (
          <Check
            key={sector.id}
            name="sectors"
            value={sector.id}
            label={sector.name}
            defaultChecked={attendant ? attendant.sectors.includes(sector.id) : sector.is_default}
          />
        ))}
      </fieldset>
      {attendant && (
        <Check
          name="active"
          label={t("team.active")}
          hint={t("team.active_hint")}
          defaultChecked={attendant.active}
          disabled={own}
        />
      )}
    </FormDialog>
  );
}
