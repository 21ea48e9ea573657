// How the people with these phones are, kept in this browser.
const AUTO_READ = "helpdesk.phone.auto_read";
const LATE = "helpdesk.phone.late";
/** More than WhatsApp's window is open. */
const LATE_HOURS = 25;

/** Whether what is on the simulated screen counts as read. */
export function autoRead(): boolean {
  return localStorage.getItem(AUTO_READ) !== "off";
}

export function setAutoRead(on: boolean): void {
  localStorage.setItem(AUTO_READ, on ? "on" : "off");
}

/** How many hours ago what is written now was written. */
export function hoursAgo(): number {
  return localStorage.getItem(LATE) === "on" ? LATE_HOURS : 0;
}

export function setLate(on: boolean): void {
  localStorage.setItem(LATE, on ? "on" : "off");
}
