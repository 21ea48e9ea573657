import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Toasts } from "@/components/ui/toasts";
import { queryClient } from "@/lib/queries";

/** `disableStyleElements`: the content security policy refuses inline styles, whoever writes them. */
export function Root({ children }: { children: ReactNode }) {
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        {children}
        <Toasts />
      </QueryClientProvider>
    </CSPProvider>
  );
}
