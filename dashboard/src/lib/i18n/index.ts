// A small typed runtime for i18next-format JSON v4 (flat keys, {{placeholders}}, _one/_other plurals).
import { useSyncExternalStore } from "react";
import type english from "../../locales/en.json";

type Entry = keyof typeof english;
export type Key = Entry extends infer E ? (E extends `${infer Base}_${"one" | "other"}` ? Base : E) : never;
export type Params = Record<string, string | number>;
export type Language = "pt-BR" | "en" | "es";
export type Catalogue = Record<string, string>;

export const LANGUAGES: { code: Language; name: string }[] = [
  { code: "pt-BR", name: "Português (Brasil)" },
  { code: "en", name: "English" },
  { code: "es", name: "Español" },
];

const STORED = "helpdesk.language";
type Loaders = Record<string, () => Promise<Catalogue>>;
let loaders: Loaders = import.meta.glob<Catalogue>("../../locales/*.json", { import: "default" });
const listeners = new Set<() => void>();
let catalogue: Catalogue = {};
let current: Language = "pt-BR";
let plural = new Intl.PluralRules(current);

export function translate(
  entries: Catalogue,
  rules: Intl.PluralRules,
  key: string,
  params: Params = {},
): string {
  const count = params.count;
  const form = typeof count === "number" ? entries[`${key}_${rules.select(count)}`] : undefined;
  const text = form ?? entries[key] ?? entries[`${key}_other`] ?? key;
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name) => String(params[name] ?? whole));
}

export function t(key: Key, params?: Params): string {
  return translate(catalogue, plural, key, params);
}

/** What the browser asks for, of what we have; Portuguese where it asks for something else. */
export function preferredLanguage(wanted: readonly string[] = navigator.languages): Language {
  for (const code of wanted) {
    const match = LANGUAGES.find((one) => one.code.slice(0, 2) === code.slice(0, 2).toLowerCase());
    if (match) return match.code;
  }
  return "pt-BR";
}

export function storedLanguage(): Language | null {
  const stored = localStorage.getItem(STORED);
  return LANGUAGES.find((one) => one.code === stored)?.code ?? null;
}

/** Another page (the simulated phone) has its own catalogues. */
export function setCatalogues(own: Loaders): void {
  loaders = own;
}

export async function loadLanguage(code: Language): Promise<void> {
  const path = Object.keys(loaders).find((one) => one.endsWith(`/${code}.json`));
  catalogue = (path && (await loaders[path]?.())) || {};
  current = code;
  plural = new Intl.PluralRules(code);
  document.documentElement.lang = code;
  for (const listener of listeners) listener();
}

export async function chooseLanguage(code: Language): Promise<void> {
  localStorage.setItem(STORED, code);
  await loadLanguage(code);
}

export function language(): Language {
  return current;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Renders again when the language changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language);
}

export function useT(): typeof t {
  useLanguage();
  return t;
}
