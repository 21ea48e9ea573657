// A short sound for a new message, once per browser, and the unread count in title, icon and badge.
import type { Attendant } from "./api/types";
import type { AttendanceState } from "./live/types";

const STORED = "helpdesk.sound";
let context: AudioContext | null = null;

export function soundOn(): boolean {
  return localStorage.getItem(STORED) !== "off";
}

export function setSound(on: boolean): void {
  localStorage.setItem(STORED, on ? "on" : "off");
}

/** Two soft tones, made here: no file to fetch. */
export function playSound(): void {
  context ??= new AudioContext();
  void context.resume();
  tone(context, 659, 0);
  tone(context, 880, 0.11);
}

function tone(audio: AudioContext, frequency: number, delay: number): void {
  const start = audio.currentTime + delay;
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(0.12, start + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.3);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(start + 0.32);
}

/** The attendance on the screen, so that what is being read makes no noise. */
let onScreen: string | null = null;

export function setOnScreen(attendanceId: string | null): void {
  onScreen = attendanceId;
}

export function ring(state: AttendanceState, me: Attendant | null, messageId: string): void {
  if (!me || !soundOn()) return;
  // Before the first gesture the browser forbids sound, and complains in the console.
  if (!navigator.userActivation?.hasBeenActive) return;
  const concerns = state.attendant_id === me.id || state.status === "waiting";
  const watching = state.id === onScreen && document.hasFocus();
  if (!concerns || watching || me.away) return;
  // One of several tabs gets the lock and plays; the others go without.
  void navigator.locks?.request(`helpdesk.sound.${messageId}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    playSound();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  });
}

const dot = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0c7a5b"/><path d="M9 9.5h14a2.5 2.5 0 0 1 2.5 2.5v7a2.5 2.5 0 0 1-2.5 2.5h-6.2L12 25.4v-3.9H9A2.5 2.5 0 0 1 6.5 19v-7A2.5 2.5 0 0 1 9 9.5Z" fill="#fff"/><circle cx="24.5" cy="7.5" r="7.5" fill="#e5484d"/></svg>`;

export function showUnread(count: number, title: string): void {
  document.title = count > 0 ? `(${count}) ${title}` : title;
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const href = count > 0 ? `data:image/svg+xml,${encodeURIComponent(dot)}` : "/icon.svg";
  if (icon && icon.getAttribute("href") !== href) icon.href = href;
  const badge = count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.();
  badge?.catch(() => {});
}
