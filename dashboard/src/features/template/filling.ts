// A template's texts with what was typed for their variables; the server checks and fills them in earnest.
import type { Template, TemplateChoice } from "@/lib/api/types";

type Variable = Template["variables"][number];
export type Values = Record<string, string>;

const VARIABLE = /\{\{\s*(\w+)\s*\}\}/g;

/** What stands for a variable that has no value yet stays in its braces. */
export function filled(text: string, part: "header" | "body", values: Values): string {
  return text.replace(VARIABLE, (whole, name: string) => {
    const value = values[part === "header" ? `header.${name}` : name];
    return value?.trim() ? value : whole;
  });
}

export const keyOf = ({ name, language }: Template) => `${language}/${name}`;

/** The field of a form that a variable is typed into. */
export const fieldOf = ({ key }: Variable) => `template.variables.${key}`;

/** Those in the reader's language first. */
export function sorted(templates: Template[], language: string): Template[] {
  const wanted = language.slice(0, 2);
  const other = ({ language: of }: Template) => (of.slice(0, 2) === wanted ? 0 : 1);
  return [...templates].sort((a, b) => other(a) - other(b) || a.name.localeCompare(b.name));
}

/** What was chosen, as the API wants it. */
export function choiceOf(template: Template, values: Values): TemplateChoice {
  const variables = Object.fromEntries(template.variables.map(({ key }) => [key, values[key] ?? ""]));
  return { name: template.name, language: template.language, variables };
}
