import { type Params, t as translate, useLanguage } from "@/lib/i18n";
import type english from "./locales/en.json";

export type PhoneKey = keyof typeof english;
const own = import.meta.glob<Record<string, string>>("./locales/*.json", { import: "default" });
const shared = import.meta.glob<Record<string, string>>("../locales/*.json", { import: "default" });

/** What the phone shows of files is the dashboard's, in the dashboard's words. */
export const catalogues = Object.fromEntries(
  Object.entries(own).map(([path, load]) => [
    path,
    async () => ({ ...(await shared[path.replace("./", "../")]?.()), ...(await load()) }),
  ]),
);

// The runtime knows the dashboard's keys only; this page gave it other catalogues.
const t = (key: PhoneKey, params?: Params): string => translate(key as never, params);

export function usePhoneTexts(): typeof t {
  useLanguage();
  return t;
}
