import { type Params, t as translate, useLanguage } from "@/lib/i18n";
import type english from "./locales/en.json";

export type PhoneKey = keyof typeof english;
export const catalogues = import.meta.glob<Record<string, string>>("./locales/*.json", { import: "default" });

// The runtime knows the dashboard's keys only; this page gave it other catalogues.
const t = (key: PhoneKey, params?: Params): string => translate(key as never, params);

export function usePhoneTexts(): typeof t {
  useLanguage();
  return t;
}
