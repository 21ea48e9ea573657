import { useEffect } from "react";
import { toast } from "@/components/ui/toasts";
import { useDesk, useMe } from "@/lib/desk";
import { t } from "@/lib/i18n";
import { reason } from "./reason";

/** Tells whoever asked for it what WhatsApp did not do. */
export function useRefusals(): void {
  const { live } = useDesk();
  const me = useMe().attendant.id;
  useEffect(
    () =>
      live.on("event", ({ event, payload: { by, verb, failure } }) => {
        if (event !== "message.amendment_refused.v1" || by !== me || !verb) return;
        toast(t(`refused.${verb}`, { why: reason(null, failure ?? null) }), true);
      }),
    [live, me],
  );
}
