// Answers with a template, which is allowed when free text is not.
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { FormDialog } from "@/components/ui/dialog";
import { api } from "@/lib/api";
import type { Attendance, TemplateChoice } from "@/lib/api/types";
import { useDesk } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { TemplateFields } from "./fields";

export default function TemplateDialog({ row, onClose }: { row: Attendance; onClose: () => void }) {
  const t = useT();
  const { board } = useDesk();
  const [choice, setChoice] = useState<TemplateChoice | null>(null);
  // One key per choice: pressing twice sends one message.
  const key = useRef(crypto.randomUUID());
  const send = useMutation({
    mutationFn: (template: TemplateChoice) => api.sendTemplate(row.id, template, key.current),
    onSuccess: (message) => {
      board.putMessages(row.id, [message]);
      onClose();
    },
  });
  const change = (next: TemplateChoice | null) => {
    key.current = crypto.randomUUID();
    setChoice(next);
  };
  return (
    <FormDialog
      title={t("template.title")}
      about={t("template.about")}
      submit={t("action.send")}
      busy={send.isPending}
      disabled={!choice}
      error={send.error}
      onSubmit={() => choice && send.mutate(choice)}
      onClose={onClose}
    >
      <TemplateFields sessionId={row.session.id} error={send.error} onChange={change} />
    </FormDialog>
  );
}
