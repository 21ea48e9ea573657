// What a person is told while no dashboard is open, and on which browsers.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { BellRing, X } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button";
import { Check } from "@/components/ui/field";
import { Failure, Skeletons } from "@/components/ui/states";
import { toast, toastError } from "@/components/ui/toasts";
import { api } from "@/lib/api";
import type { PushSettings } from "@/lib/api/types";
import { useLanguage, useT } from "@/lib/i18n";
import { fullTime } from "@/lib/i18n/time";
import { canPush, ownDevice, startPush, stopPush } from "@/lib/push";
import { queries } from "@/lib/queries";

export function Notifications() {
  const t = useT();
  const query = useQuery(queries.push());
  if (query.isError) return <Failure error={query.error} retry={() => query.refetch()} />;
  if (!query.data) return <Skeletons count={1} className="h-16" />;
  return (
    <div className="flex flex-col gap-3">
      <p className="text-ink-2">{t("push.about")}</p>
      {canPush() ? <ThisBrowser settings={query.data} /> : <p className="text-ink-3">{t("push.cannot")}</p>}
      {query.data.devices.length > 0 && <Choices settings={query.data} />}
    </div>
  );
}

function usePushAction<Input>(act: (input: Input) => Promise<unknown>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: act,
    onError: toastError,
    onSettled: () => cache.invalidateQueries({ queryKey: ["push"] }),
  });
}

function ThisBrowser({ settings }: { settings: PushSettings }) {
  const t = useT();
  const language = useLanguage();
  const isOn = settings.devices.some((it) => it.id === ownDevice());
  const start = usePushAction(async () => {
    if (!(await startPush(settings, language))) toast(t("push.denied"));
  });
  const stop = usePushAction(stopPush);
  const busy = start.isPending || stop.isPending;
  return (
    <Button
      className="self-start"
      look={isOn ? "plain" : "primary"}
      busy={busy}
      onClick={() => (isOn ? stop.mutate(undefined) : start.mutate(undefined))}
    >
      <BellRing aria-hidden className="size-4" />
      {t(isOn ? "push.stop" : "push.start")}
    </Button>
  );
}

function Choices({ settings }: { settings: PushSettings }) {
  const t = useT();
  const change = usePushAction(api.changePush);
  const forget = usePushAction(api.removeDevice);
  return (
    <>
      <div>
        <Check
          label={t("push.on")}
          checked={settings.on}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ on: event.target.checked })}
        />
        <Check
          label={t("push.content")}
          hint={t("push.content_hint")}
          checked={settings.content}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ content: event.target.checked })}
        />
      </div>
      <ul aria-label={t("push.devices")} className="divide-y divide-line rounded-lg border border-line">
        {settings.devices.map((it) => (
          <li key={it.id} className="flex items-center gap-2 py-1 pr-1 pl-3">
            <span className="min-w-0 flex-1 truncate">
              {it.name} <span className="text-ink-3 text-xs">{fullTime(it.since)}</span>
            </span>
            <IconButton label={t("push.forget", { name: it.name })} onClick={() => forget.mutate(it.id)}>
              <X />
            </IconButton>
          </li>
        ))}
      </ul>
    </>
  );
}
