// Names for the ids in events, from what the query cache already knows.
import type { QueryClient } from "@tanstack/react-query";
import type { Attendant, Named, Sector, Session } from "../api/types";

export interface Names {
  attendant(id: string | null | undefined): Named | null | undefined;
  sector(id: string): Named | undefined;
  session(id: string): Named | undefined;
}

/** `undefined` means "ask the server", `null` means nobody. */
export function namesFrom(queries: QueryClient): Names {
  const find = <Item extends Named>(key: string, id: string): Named | undefined => {
    const item = queries.getQueryData<Item[]>([key])?.find((one) => one.id === id);
    return item && { id: item.id, name: item.name };
  };
  return {
    attendant: (id) => (id ? find<Attendant>("attendants", id) : null),
    sector: (id) => find<Sector>("sectors", id),
    session: (id) => find<Session>("sessions", id),
  };
}
