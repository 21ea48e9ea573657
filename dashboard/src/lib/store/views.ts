// Which attendances a list shows, and in which order. Pure: the board brings the rows.
import type { AttendanceFilter } from "../api";
import type { Attendance, Attendant } from "../api/types";

export type Tab = "waiting" | "mine" | "all" | "closed";
export const TABS: Tab[] = ["waiting", "mine", "all", "closed"];

export interface View {
  tab: Tab;
  sector: string;
  ids: string[];
  next: string | null;
  status: "idle" | "loading" | "ready" | "error";
}

export const viewKey = (tab: Tab, sector: string) => `${tab}|${sector}`;

export const emptyView = (tab: Tab, sector: string): View => ({
  tab,
  sector,
  ids: [],
  next: null,
  status: "idle",
});

export function filterOf(tab: Tab, sector: string): AttendanceFilter {
  const wanted: Record<Tab, AttendanceFilter> = {
    waiting: { status: "waiting" },
    mine: { status: "open", mine: true },
    all: { status: "open" },
    closed: { status: "closed" },
  };
  return { ...wanted[tab], sector: sector || undefined, limit: 50 };
}

interface Sight {
  status: Attendance["status"];
  attendantId: string | null | undefined;
  sectorId: string;
}

/** What the server would answer for this actor; it decides, this only saves a round trip per event. */
export function maySee({ status, attendantId, sectorId }: Sight, me: Attendant): boolean {
  if (me.role === "admin" || attendantId === me.id) return true;
  if (!me.sectors.includes(sectorId)) return false;
  return me.role === "manager" || status === "waiting";
}

function isVisible(row: Attendance, me: Attendant): boolean {
  return maySee({ status: row.status, attendantId: row.attendant?.id, sectorId: row.sector.id }, me);
}

export function belongs(row: Attendance, tab: Tab, sector: string, me: Attendant): boolean {
  if (sector && row.sector.id !== sector) return false;
  if (!isVisible(row, me)) return false;
  if (tab === "waiting") return row.status === "waiting";
  if (tab === "closed") return row.status === "closed";
  return row.status !== "closed" && (tab === "all" || row.attendant?.id === me.id);
}

/** Waiting: longest first; elsewhere: newest message first. The id settles ties, as on the server. */
export function compare(tab: Tab, a: Attendance, b: Attendance): number {
  if (tab === "waiting") {
    return byText(a.waiting_since ?? a.opened_at, b.waiting_since ?? b.opened_at) || byText(a.id, b.id);
  }
  return byText(b.last_message_at, a.last_message_at) || byText(b.id, a.id);
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The view after `row` changed: moved, entered, left, or the same object when nothing did. */
export function place(view: View, row: Attendance, me: Attendant, rows: Map<string, Attendance>): View {
  const at = view.ids.indexOf(row.id);
  if (!belongs(row, view.tab, view.sector, me)) {
    return at < 0 ? view : { ...view, ids: view.ids.filter((id) => id !== row.id) };
  }
  const rest = at < 0 ? view.ids : view.ids.filter((id) => id !== row.id);
  const index = slot(rest, row, view.tab, rows);
  // Beyond the last loaded row lies what the next page will bring.
  if (at < 0 && index === rest.length && view.next !== null) return view;
  if (index === at) return view;
  return { ...view, ids: [...rest.slice(0, index), row.id, ...rest.slice(index)] };
}

function slot(ids: string[], row: Attendance, tab: Tab, rows: Map<string, Attendance>): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = rows.get(ids[middle] as string);
    if (other && compare(tab, other, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
