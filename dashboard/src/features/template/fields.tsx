// Choosing a template of a number, filling its variables, and seeing what the client will read.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { InputField, SelectField } from "@/components/ui/field";
import { Failure, Skeletons } from "@/components/ui/states";
import { ApiError } from "@/lib/api";
import type { Template, TemplateChoice } from "@/lib/api/types";
import { useLanguage, useT } from "@/lib/i18n";
import { marked } from "@/lib/markup";
import { queries } from "@/lib/queries";
import { choiceOf, fieldOf, filled, keyOf, sorted, type Values } from "./filling";

interface FieldsProps {
  sessionId: string;
  error: unknown;
  onChange: (choice: TemplateChoice | null) => void;
}

export function TemplateFields({ sessionId, error, onChange }: FieldsProps) {
  const t = useT();
  const language = useLanguage();
  const listed = useQuery(queries.templates(sessionId));
  const [key, setKey] = useState("");
  const [values, setValues] = useState<Values>({});
  if (listed.isPending) return <Skeletons count={2} className="p-0" />;
  if (listed.isError) return <Unlisted error={listed.error} retry={() => void listed.refetch()} />;
  if (listed.data.length === 0) return <p className="text-ink-2">{t("template.none")}</p>;
  const templates = sorted(listed.data, language);
  const chosen = templates.find((one) => keyOf(one) === key);
  const choose = (next: string) => {
    const found = templates.find((one) => keyOf(one) === next);
    setKey(next);
    setValues({});
    onChange(found ? choiceOf(found, {}) : null);
  };
  const fill = (template: Template, name: string, value: string) => {
    const next = { ...values, [name]: value };
    setValues(next);
    onChange(choiceOf(template, next));
  };
  const reason = (field: string) => (error instanceof ApiError ? error.reasonFor(field) : undefined);
  return (
    <>
      <SelectField
        label={t("template.which")}
        name="template"
        value={key}
        onChange={(event) => choose(event.target.value)}
        error={reason("template.name") ?? reason("template.language")}
        choices={[
          { value: "", label: t("template.pick") },
          ...templates.map((one) => ({ value: keyOf(one), label: `${one.name} (${one.language})` })),
        ]}
        required
      />
      {chosen?.variables.map((variable) => (
        <InputField
          key={`${key} ${variable.key}`}
          label={labelOf(t, chosen, variable)}
          name={fieldOf(variable)}
          hint={variable.example ? t("template.example", { example: variable.example }) : undefined}
          error={reason(fieldOf(variable))}
          maxLength={1024}
          autoComplete="off"
          required
          onChange={(event) => fill(chosen, variable.key, event.target.value)}
        />
      ))}
      {chosen && <Preview template={chosen} values={values} />}
    </>
  );
}

function labelOf(t: ReturnType<typeof useT>, of: Template, it: Template["variables"][number]): string {
  if (it.part === "header") return t("template.in_header", { name: it.name });
  if (it.part === "button") return t("template.in_button", { name: of.buttons[it.button - 1]?.text ?? "" });
  return t("template.in_body", { name: it.name });
}

function Preview({ template, values }: { template: Template; values: Values }) {
  const t = useT();
  const { header, body, footer, buttons } = template;
  return (
    <section aria-label={t("template.preview")} className="flex flex-col gap-1.5" data-preview="">
      <h3 className="font-medium text-[0.8125rem] text-ink-2">{t("template.preview")}</h3>
      <div
        dir="auto"
        className="flex flex-col gap-1.5 whitespace-pre-wrap rounded-2xl bg-bubble-out px-3 py-2 text-ink [overflow-wrap:anywhere]"
      >
        {header && <p className="font-semibold">{filled(header, "header", values)}</p>}
        <p>{marked(filled(body, "body", values))}</p>
        {footer && <p className="text-ink-2 text-xs">{footer}</p>}
        {buttons.map((one) => (
          <p key={one.text} className="border-line border-t pt-1.5 text-center font-medium text-accent-ink">
            {one.text}
          </p>
        ))}
      </div>
    </section>
  );
}

/** Whoever set the number up needs the server's own words. */
function Unlisted({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <>
      <Failure error={error} retry={retry} />
      {error instanceof ApiError && <p className="text-ink-3 text-xs">{error.detail}</p>}
    </>
  );
}
