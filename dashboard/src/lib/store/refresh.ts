// What the events mean for the query cache: sessions, people, clients, history.
import type { QueryClient } from "@tanstack/react-query";
import type { Attendant, Session } from "../api/types";
import type { LiveEvent } from "../live/types";

export function refreshQueries(queries: QueryClient, events: LiveEvent[]): void {
  const stale = new Map<string, string[]>();
  const mark = (...key: string[]) => stale.set(key.join("/"), key);
  for (const { event, payload } of events) {
    if (event === "session.changed.v1") {
      patchSession(queries, payload);
      mark("sessions");
    } else if (event === "session.qr_issued.v1" || event === "session.pair_code_issued.v1") {
      mark("sessions");
    } else if (event === "attendant.presence_changed.v1") {
      patchPresence(queries, payload);
    } else if (event === "team.changed.v1") {
      for (const key of ["attendants", "sectors", "me"]) mark(key);
    } else if (event.startsWith("client.") && payload.client_id) {
      mark("client", payload.client_id);
      if (payload.merged_id) {
        mark("client", payload.merged_id);
        mark("client-merges", payload.client_id);
      }
    } else if (event.startsWith("attendance.") && payload.attendance) {
      mark("history", payload.attendance.id);
      mark("client-attendances", payload.attendance.client_id);
    }
  }
  for (const queryKey of stale.values()) void queries.invalidateQueries({ queryKey });
}

/** The state word changes at once; the rest of the session follows with the refetch. */
function patchSession(queries: QueryClient, payload: LiveEvent["payload"]): void {
  queries.setQueryData<Session[]>(["sessions"], (sessions) =>
    sessions?.map((session) =>
      session.id === payload.session_id
        ? {
            ...session,
            state: payload.state ?? session.state,
            reason: payload.reason ?? null,
            since: payload.since ?? session.since,
            // Its code, if it has one, comes with the refetch.
            qr: null,
          }
        : session,
    ),
  );
}

function patchPresence(queries: QueryClient, payload: LiveEvent["payload"]): void {
  queries.setQueryData<Attendant[]>(["attendants"], (people) =>
    people?.map((one) =>
      one.id === payload.attendant_id
        ? { ...one, online: payload.online ?? one.online, away: payload.away ?? one.away }
        : one,
    ),
  );
}
