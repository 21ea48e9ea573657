import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { FormDialog } from "@/components/ui/dialog";
import { InputField, SelectField, TextField } from "@/components/ui/field";
import { toast } from "@/components/ui/toasts";
import { ApiError, api, type NewAttendance } from "@/lib/api";
import type { TemplateChoice } from "@/lib/api/types";
import { useDesk, useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { e164, prettyPhone } from "@/lib/phone";
import { queries } from "@/lib/queries";
import { TemplateFields } from "../template/fields";

interface StartProps {
  /** Somebody we know; otherwise the dialog asks for a phone number. */
  client?: { id: string; name: string; phone: string | null };
  onClose: () => void;
  onStarted: (attendanceId: string) => void;
}

export default function StartDialog({ client, onClose, onStarted }: StartProps) {
  const t = useT();
  const { board } = useDesk();
  const { limits } = useMe();
  const sectors = useQuery(queries.sectors()).data ?? [];
  const sessions = useQuery(queries.sessions()).data ?? [];
  const [wanted, setWanted] = useState("");
  const session =
    sessions.find((one) => one.id === wanted) ??
    sessions.find((one) => one.state === "connected") ??
    sessions[0];
  const { templates = false, window_24h: window = false } = session?.capabilities ?? {};
  // A stranger never wrote: on an official number only a template goes.
  const [kind, setKind] = useState<"text" | "template" | null>(null);
  const [choice, setChoice] = useState<TemplateChoice | null>(null);
  const template = templates && (kind ?? (window && !client ? "template" : "text")) === "template";
  // One key per opened dialog: pressing twice starts one attendance.
  const key = useRef(crypto.randomUUID());
  const start = useMutation({
    mutationFn: (body: NewAttendance) => api.startAttendance(body, key.current),
    onSuccess: ({ attendance }) => {
      board.put(attendance);
      onStarted(attendance.id);
    },
    onError: (error) => {
      const id =
        error instanceof ApiError && error.code === "attendance_open" ? error.body.attendance_id : null;
      if (typeof id === "string") {
        toast(t("start.already_open"));
        onStarted(id);
      } else {
        key.current = crypto.randomUUID();
      }
    },
  });
  const field = (name: string) => (start.error instanceof ApiError ? start.error.reasonFor(name) : undefined);
  const send = (form: FormData) => {
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const who = client
      ? { client_id: client.id }
      : { phone: e164(text("phone")), name: text("name") || undefined };
    start.mutate({
      ...who,
      sector_id: text("sector") || undefined,
      session_id: text("session") || (template ? session?.id : undefined),
      ...(template ? { template: choice } : { text: String(form.get("text")) }),
    });
  };
  const options = (items: { id: string; name: string }[]) =>
    items.map(({ id, name }) => ({ value: id, label: name }));
  const byDefault = sectors.find((sector) => sector.is_default)?.id;
  return (
    <FormDialog
      title={t("start.title")}
      about={client ? `${client.name} ${prettyPhone(client.phone)}` : undefined}
      submit={t("action.send")}
      busy={start.isPending}
      disabled={template && !choice}
      error={start.error}
      onSubmit={send}
      onClose={onClose}
    >
      {!client && (
        <>
          <InputField
            label={t("field.phone")}
            name="phone"
            type="tel"
            inputMode="tel"
            placeholder="+55 11 99999-0000"
            hint={t("start.phone_hint")}
            error={field("phone")}
            autoComplete="off"
            required
            autoFocus
          />
          <InputField
            label={t("start.name")}
            name="name"
            maxLength={120}
            autoComplete="off"
            error={field("name")}
          />
        </>
      )}
      {sectors.length > 1 && (
        <SelectField
          label={t("field.sector")}
          name="sector"
          defaultValue={byDefault}
          choices={options(sectors)}
        />
      )}
      {sessions.length > 1 && (
        <SelectField
          label={t("field.session")}
          name="session"
          value={session?.id}
          onChange={(event) => {
            setWanted(event.target.value);
            setChoice(null);
          }}
          choices={options(sessions)}
        />
      )}
      {templates && (
        <SelectField
          label={t("start.kind")}
          name="kind"
          value={template ? "template" : "text"}
          onChange={(event) => setKind(event.target.value === "template" ? "template" : "text")}
          choices={[
            { value: "text", label: t("start.kind_text") },
            { value: "template", label: t("start.kind_template") },
          ]}
          hint={window ? t("window.about") : undefined}
        />
      )}
      {template && session ? (
        <TemplateFields
          key={session.id}
          sessionId={session.id}
          error={start.error}
          onChange={(next) => {
            key.current = crypto.randomUUID();
            setChoice(next);
          }}
        />
      ) : (
        <TextField
          label={t("field.message")}
          name="text"
          maxLength={limits.text}
          error={field("text")}
          required
        />
      )}
    </FormDialog>
  );
}
