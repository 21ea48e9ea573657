/** The simulated phone beside the dashboard, as a window of a phone's shape where there is room for one. */
export function openPhone(): void {
  const features = `popup,width=420,height=${Math.min(900, screen.availHeight)},left=${Math.max(0, screen.availWidth - 440)},top=0`;
  const opened = open("/phone.html", "helpdesk-phone", features);
  opened?.focus();
}
