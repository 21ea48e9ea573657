import { useEffect, useState } from "react";

/** Seconds until then, counting; null without a moment. */
export function useCountdown(until: string | null): number | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return until === null ? null : Math.max(0, Math.ceil((Date.parse(until) - now) / 1_000));
}
