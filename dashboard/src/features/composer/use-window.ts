import { useEffect, useState } from "react";

/** Whether the window has closed by now; where there is none, it never does. */
export function useWindowClosed(closesAt: string | null): boolean {
  const [, renderAgain] = useState(0);
  useEffect(() => {
    if (closesAt === null) return;
    const left = Date.parse(closesAt) - Date.now();
    if (left <= 0) return;
    const timer = setTimeout(() => renderAgain((count) => count + 1), left);
    return () => clearTimeout(timer);
  }, [closesAt]);
  return closesAt !== null && Date.parse(closesAt) <= Date.now();
}
