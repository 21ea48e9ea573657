import { createFileRoute } from "@tanstack/react-router";
import { Inbox } from "@/features/inbox/inbox";
import { TABS, type Tab } from "@/lib/store/views";

export interface InboxSearch {
  tab?: Tab;
  sector?: string;
  q?: string;
  /** Position of the message to jump to. */
  m?: number;
}

export const Route = createFileRoute("/_app/inbox")({
  validateSearch: (search: Record<string, unknown>): InboxSearch => ({
    tab: TABS.includes(search.tab as Tab) ? (search.tab as Tab) : undefined,
    sector: typeof search.sector === "string" && search.sector ? search.sector : undefined,
    // A number or "true" in the address arrives parsed; the search is for its text.
    q: search.q === undefined || search.q === "" ? undefined : String(search.q),
    m: Number.isInteger(Number(search.m)) && search.m !== undefined ? Number(search.m) : undefined,
  }),
  component: Inbox,
});
