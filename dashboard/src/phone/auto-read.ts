const STORED = "helpdesk.phone.auto_read";

/** Whether what is on the simulated screen counts as read. */
export function autoRead(): boolean {
  return localStorage.getItem(STORED) !== "off";
}

export function setAutoRead(on: boolean): void {
  localStorage.setItem(STORED, on ? "on" : "off");
}
