// Whether asking who we are is worth it: the session's cookie is out of a script's reach, and a 401 on the
// first visit would stand in the console as an error.
const STORED = "helpdesk.signed_in";

export function mayBeSignedIn(): boolean {
  return localStorage.getItem(STORED) === "yes";
}

export function rememberSignedIn(yes: boolean): void {
  if (yes) localStorage.setItem(STORED, "yes");
  else localStorage.removeItem(STORED);
}
