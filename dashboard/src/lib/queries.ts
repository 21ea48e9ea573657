// Everything read through the query cache, by key. Live rows are not here: see lib/store.
import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from "@tanstack/react-query";
import { ApiError, api, OfflineError } from "./api";
import type { DeathReason, Message } from "./api/types";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The feed says when something changed; asking on every focus would only add load.
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      retry: (count, error) =>
        count < 3 && (error instanceof OfflineError || (error instanceof ApiError && error.status >= 500)),
    },
  },
});

const minute = 60_000;

export const queries = {
  me: () => queryOptions({ queryKey: ["me"], queryFn: api.me, staleTime: 5 * minute }),
  counts: () => queryOptions({ queryKey: ["counts"], queryFn: api.counts }),
  sectors: () => queryOptions({ queryKey: ["sectors"], queryFn: api.sectors, staleTime: 5 * minute }),
  attendants: () =>
    queryOptions({ queryKey: ["attendants"], queryFn: api.attendants, staleTime: 5 * minute }),
  sessions: () => queryOptions({ queryKey: ["sessions"], queryFn: api.sessions, staleTime: minute }),
  templates: (session: string) =>
    queryOptions({
      queryKey: ["templates", session],
      queryFn: () => api.templates(session),
      retry: false,
    }),
  // Below the sessions, so that what the feed tells of them has it fetched again.
  outages: (id: string, enabled: boolean) =>
    queryOptions({ queryKey: ["sessions", id, "outages"], queryFn: () => api.outages(id), enabled }),
  push: () => queryOptions({ queryKey: ["push"], queryFn: api.push }),
  bridges: (enabled: boolean) =>
    queryOptions({ queryKey: ["bridges"], queryFn: api.bridges, enabled, staleTime: 60 * minute }),
  client: (id: string) => queryOptions({ queryKey: ["client", id], queryFn: () => api.client(id) }),
  clientAttendances: (id: string) =>
    queryOptions({ queryKey: ["client-attendances", id], queryFn: () => api.clientAttendances(id) }),
  clientMerges: (id: string) =>
    queryOptions({ queryKey: ["client-merges", id], queryFn: () => api.clientMerges(id) }),
  history: (id: string) => queryOptions({ queryKey: ["history", id], queryFn: () => api.history(id) }),
  // Its key has the state that the feed tells, so that the next step is fetched when it was taken.
  journey: ({ id, attempt, delivery }: Message) =>
    queryOptions({
      queryKey: ["journey", id, attempt, delivery],
      queryFn: () => api.journey(id),
      staleTime: 0,
      placeholderData: keepPreviousData,
      refetchInterval: 5000,
    }),
  // The feed does not tell of dead letters: they are rare, and asked for rarely.
  lettersWait: (isAdmin: boolean) =>
    queryOptions({
      queryKey: ["letters", "wait"],
      queryFn: () => api.letters({ limit: 1 }),
      select: (page) => page.items.length > 0,
      enabled: isAdmin,
      staleTime: 5 * minute,
      refetchInterval: 5 * minute,
    }),
  letters: (reason: DeathReason | null) =>
    infiniteQueryOptions({
      queryKey: ["letters", "list", reason],
      queryFn: ({ pageParam }) => api.letters({ reason, cursor: pageParam, limit: 25 }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
      staleTime: 0,
    }),
  letter: (id: string) =>
    queryOptions({ queryKey: ["letters", "one", id], queryFn: () => api.letter(id), staleTime: 0 }),
  searchClients: (q: string) =>
    queryOptions({ queryKey: ["search-clients", q], queryFn: () => api.clients(q), enabled: q.length > 1 }),
};
