// Linking without a camera: WhatsApp gives a code that is typed on the phone.
import { useMutation, useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { InputField } from "@/components/ui/field";
import { explain } from "@/components/ui/states";
import { ApiError, api } from "@/lib/api";
import type { Session } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { useCountdown } from "./use-countdown";

export function PairPanel({ session }: { session: Session }) {
  const t = useT();
  const ask = useMutation({ mutationFn: (phone: string) => api.askPairCode(session.id, phone) });
  const until = session.pair_code_expires_at;
  const seconds = useCountdown(until);
  const alive = seconds !== null && seconds > 0;
  const { data: given } = useQuery({
    queryKey: ["pair-code", session.id, until],
    queryFn: () => api.pairCode(session.id),
    enabled: alive,
    retry: false,
    gcTime: 0,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    ask.mutate(String(new FormData(event.currentTarget).get("phone")));
  };
  const refused = ask.error instanceof ApiError ? ask.error.reasonFor("phone") : undefined;
  return (
    <section className="border-line border-t p-5" aria-label={t("pair.title")}>
      <h3 className="font-semibold">{t("pair.title")}</h3>
      <p className="mt-1 text-ink-2">{t("pair.about")}</p>
      {alive && given ? (
        <div className="mt-3" role="status">
          <p className="text-ink-3 text-xs">{t("pair.code")}</p>
          <p className="my-1 select-all font-mono font-semibold text-2xl tracking-widest">{given.code}</p>
          <p className="text-ink-2">{t("pair.steps")}</p>
          <p aria-live="off" className="mt-1 text-ink-3 text-xs tabular-nums">
            {t("qr.expires", { count: seconds })}
          </p>
        </div>
      ) : (
        <form onSubmit={submit} className="mt-3 flex max-w-sm flex-col items-start gap-3">
          <InputField
            label={t("pair.phone")}
            hint={t("pair.phone_hint")}
            error={refused ?? (ask.error ? explain(ask.error) : undefined)}
            name="phone"
            type="tel"
            required
            maxLength={40}
            autoComplete="off"
          />
          <Button type="submit" busy={ask.isPending}>
            {t("pair.ask")}
          </Button>
          {ask.isSuccess && <p role="status">{t("pair.waiting")}</p>}
        </form>
      )}
    </section>
  );
}
