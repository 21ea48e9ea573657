// The code to scan: a new one takes the old one's place by itself, a countdown says how long this one lasts.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Spinner } from "@/components/ui/states";
import type { Session } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { useCountdown } from "./use-countdown";

async function fetchQr(sessionId: string): Promise<Blob | null> {
  const response = await fetch(`/v1/sessions/${sessionId}/qr`, {
    credentials: "same-origin",
    cache: "no-store",
  });
  if (response.ok) return response.blob();
  if (response.status === 404) return null;
  throw new Error(String(response.status));
}

export function QrPanel({ session }: { session: Session }) {
  const t = useT();
  const { data: image } = useQuery({
    // A new code is a new key; asking again for one that was used up would be a 404.
    queryKey: ["qr", session.id, session.qr?.attempt, session.qr?.expires_at],
    queryFn: () => fetchQr(session.id),
    enabled: session.qr !== null,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    placeholderData: (before) => before,
  });
  const source = useObjectUrl(image ?? null);
  const seconds = useCountdown(session.qr?.expires_at ?? null);
  return (
    <div className="flex flex-col items-center gap-6 border-line border-t p-5 sm:flex-row sm:items-start">
      <div className="flex flex-col items-center gap-2">
        {/* White in both themes: a camera needs the contrast. */}
        <div className="flex size-60 items-center justify-center rounded-2xl border border-line bg-white p-3 text-[#46534c]">
          {source ? (
            <img src={source} alt={t("qr.alt")} className="size-full [image-rendering:pixelated]" />
          ) : (
            <Spinner className="size-6" />
          )}
        </div>
        <p aria-live="off" className="h-5 text-ink-3 text-xs tabular-nums">
          {seconds !== null && (seconds > 0 ? t("qr.expires", { count: seconds }) : t("qr.renewing"))}
        </p>
      </div>
      <div className="min-w-0 flex-1">
        <h3 className="font-semibold">{t("qr.title")}</h3>
        <ol className="mt-3 flex list-none flex-col gap-3">
          {(["qr.step1", "qr.step2", "qr.step3"] as const).map((step, index) => (
            <li key={step} className="flex gap-3">
              <span
                aria-hidden
                className="flex size-6 shrink-0 items-center justify-center rounded-full bg-sunken font-semibold text-ink-2 text-xs"
              >
                {index + 1}
              </span>
              <span className="text-ink-2">{t(step)}</span>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

function useObjectUrl(blob: Blob | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!blob) {
      setUrl(null);
      return;
    }
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}
