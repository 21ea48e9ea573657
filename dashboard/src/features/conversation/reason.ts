import type { Delivery, Message } from "@/lib/api/types";
import { type Key, t } from "@/lib/i18n";

/** A bridge's reason in the reader's language where we know it, in its own words otherwise. */
export function reason(delivery: Delivery | null, failure: Message["failure"]): string {
  if (delivery === "unknown") return t("message.unknown");
  if (!failure) return t("message.failed");
  const key = `failure.${failure.code}`;
  const known = t(key as Key);
  return known === key ? failure.detail || t("message.failed") : known;
}
