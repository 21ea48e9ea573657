// Dates and durations in the reader's language, by Intl alone.
import { language, t } from "./index";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: Date, options: Intl.DateTimeFormatOptions): string {
  const key = language() + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(language(), options);
    formats.set(key, found);
  }
  return found.format(at);
}

export function dayKey(iso: string): string {
  return new Date(iso).toDateString();
}

export function clock(iso: string): string {
  return format(new Date(iso), { hour: "2-digit", minute: "2-digit" });
}

export function fullTime(iso: string): string {
  return format(new Date(iso), { dateStyle: "medium", timeStyle: "short" });
}

function daysAgo(at: Date, now: Date): number {
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((midnight(now) - midnight(at)) / 86_400_000);
}

export function dayName(iso: string, now = new Date()): string {
  const at = new Date(iso);
  const days = daysAgo(at, now);
  if (days === 0) return t("time.today");
  if (days === 1) return t("time.yesterday");
  const sameYear = at.getFullYear() === now.getFullYear();
  return format(at, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: sameYear ? undefined : "numeric",
  });
}

/** For a list row: the hour today, the weekday this week, the date before that. */
export function shortTime(iso: string, now = new Date()): string {
  const at = new Date(iso);
  const days = daysAgo(at, now);
  if (days <= 0) return clock(iso);
  if (days === 1) return t("time.yesterday");
  if (days < 7) return format(at, { weekday: "short" });
  return format(at, { day: "2-digit", month: "2-digit", year: "2-digit" });
}

/** To the millisecond, for what happens within one. */
export function exactTime(iso: string): string {
  return format(new Date(iso), {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
  });
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
  ["millisecond", 1],
] as const;

/** "12 ms", "1.4 s", "3 min": how long something took. */
export function duration(milliseconds: number): string {
  const took = Math.max(0, milliseconds);
  const [unit, size] = UNITS.find(([, one]) => took >= one) ?? (["millisecond", 1] as const);
  const maximumFractionDigits = unit === "millisecond" ? 0 : 1;
  return new Intl.NumberFormat(language(), { style: "unit", unit, maximumFractionDigits }).format(
    took / size,
  );
}

/** "5:12 h", "3 min", "40 sec": how long something still goes on. */
export function remaining(seconds: number): string {
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(language(), { style: "unit", unit: name }).format(value);
  if (seconds < 60) return unit(seconds, "second");
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return unit(minutes, "minute");
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")} h`;
}

/** "4 min", "2 h", "3 d": how long something has been going on. */
export function elapsed(iso: string, now = Date.now()): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(iso)) / 60_000));
  if (minutes < 1) return t("time.moment");
  if (minutes < 60) return t("time.minutes", { n: minutes });
  if (minutes < 60 * 24) return t("time.hours", { n: Math.floor(minutes / 60) });
  return t("time.days", { n: Math.floor(minutes / 1440) });
}
