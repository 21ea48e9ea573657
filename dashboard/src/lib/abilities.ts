// What a conversation's number can do: each has a bridge of its own.
import { useQuery } from "@tanstack/react-query";
import type { Capabilities } from "./api/types";
import { queries } from "./queries";

export type Abilities = Partial<Capabilities>;

export const NOTHING: Abilities = {};

/** Nothing until it is known, and when we let go of the number. */
export function useAbilities(sessionId: string): Abilities {
  const sessions = useQuery(queries.sessions()).data;
  return sessions?.find((one) => one.id === sessionId)?.capabilities ?? NOTHING;
}
