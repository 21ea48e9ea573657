// A dead letter in the reader's words where we know them, in the server's otherwise.
import type { Letter } from "@/lib/api/types";
import { type Key, t } from "@/lib/i18n";

function known(key: string): string | null {
  const text = t(key as Key);
  return text === key ? null : text;
}

/** The version of a type is nobody's business. */
export function kindOf(type: string): string {
  if (!type) return t("letter.no_kind");
  const name = type.replace(/\.v\d+$/, "");
  return known(`letter.kind.${name}`) ?? type;
}

export function errorOf(letter: Letter): string {
  return known(`letter.error.${letter.error}`) ?? t(`letter.because.${letter.reason}`);
}
