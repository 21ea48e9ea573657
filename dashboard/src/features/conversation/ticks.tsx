import { Check, CheckCheck, CircleAlert, CircleHelp, Clock } from "lucide-react";
import { cx } from "@/components/ui/cx";
import type { Delivery } from "@/lib/api/types";
import { useT } from "@/lib/i18n";

const ICONS = {
  queued: Clock,
  sent: Check,
  delivered: CheckCheck,
  read: CheckCheck,
  failed: CircleAlert,
  unknown: CircleHelp,
};

/** The state of a reply as WhatsApp draws it, and as a word for those who do not see it. */
export function Ticks({ delivery, small }: { delivery: Delivery | null; small?: boolean }) {
  const t = useT();
  if (!delivery) return null;
  const Icon = ICONS[delivery];
  const colour =
    delivery === "read"
      ? "text-read"
      : delivery === "failed"
        ? "text-danger-ink"
        : small
          ? "text-ink-3"
          : "text-ink-2";
  const label = t(`delivery.${delivery}`);
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      data-delivery={delivery}
      className={cx("inline-flex shrink-0", colour)}
    >
      <Icon aria-hidden strokeWidth={2.25} className={small ? "size-3.5" : "size-4"} />
    </span>
  );
}
