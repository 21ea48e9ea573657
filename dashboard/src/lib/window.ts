// The customer-service window of official numbers, which the server keeps to (docs/flows/templates.md).
const DAY = 24 * 60 * 60 * 1_000;

/** Until when a free text may be sent, after an event said when the client last wrote; `null`: for ever. */
export function movedWindow(closesAt: string | null, heardAt?: string | null): string | null {
  if (closesAt === null || !heardAt) return closesAt;
  return new Date(Date.parse(heardAt) + DAY).toISOString();
}
