// One player for the whole page: it goes on while its bubble is scrolled away, and never plays two things.
import { useSyncExternalStore } from "react";
import type { Media, Message } from "@/lib/api/types";
import { type FileUrl, rendition } from "@/lib/media";

export interface Playing {
  id: string;
  playing: boolean;
  seconds: number;
  duration: number;
  failed: boolean;
}

export const RATES = [1, 1.5, 2];
const RATE = "helpdesk.player.rate";
const HEARD = "helpdesk.player.heard.";
const STEP = 5;

type Next = (id: string) => Media | null;

export class Player {
  private readonly element = document.createElement("audio");
  private readonly listeners = new Set<() => void>();
  private state: Playing | null = null;
  private media: Media | null = null;
  private url: FileUrl = () => "";
  private next: Next = () => null;
  rate = Number(localStorage.getItem(RATE)) || 1;

  constructor() {
    this.element.preload = "none";
    for (const event of ["play", "pause", "timeupdate", "durationchange", "seeked"]) {
      this.element.addEventListener(event, () => this.read());
    }
    this.element.addEventListener("ended", () => this.ended());
    // The last of the sources failed: nothing here can be played.
    this.element.addEventListener("error", () => this.fail(), true);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  of(id: string): Playing | null {
    return this.state?.id === id ? this.state : null;
  }

  /** Where one stopped listening, in seconds. */
  heard(id: string): number {
    return Number(sessionStorage.getItem(HEARD + id)) || 0;
  }

  /** What plays on after a voice note. */
  continueWith(next: Next): () => void {
    this.next = next;
    return () => {
      if (this.next === next) this.next = () => null;
    };
  }

  toggle(media: Media, url: FileUrl): void {
    if (this.state?.id === media.id && this.state.playing) this.element.pause();
    else this.play(media, url);
  }

  seek(media: Media, url: FileUrl, seconds: number): void {
    if (this.state?.id !== media.id) this.load(media, url);
    const whole = this.state?.duration ?? 0;
    this.element.currentTime = Math.min(Math.max(0, seconds), Math.max(0, whole - 0.05));
    this.read();
  }

  nudge(media: Media, url: FileUrl, direction: 1 | -1): void {
    this.seek(media, url, (this.of(media.id)?.seconds ?? this.heard(media.id)) + direction * STEP);
  }

  faster(): void {
    this.rate = RATES[(RATES.indexOf(this.rate) + 1) % RATES.length] ?? 1;
    localStorage.setItem(RATE, String(this.rate));
    this.element.playbackRate = this.rate;
    this.tell();
  }

  private play(media: Media, url: FileUrl): void {
    const over = this.state?.failed || this.element.error; // the connection broke in the midst
    if (this.state?.id !== media.id || over) this.load(media, url);
    this.element.playbackRate = this.rate;
    this.element.play().catch((error: DOMException) => {
      if (error.name === "NotSupportedError") this.fail();
    });
  }

  private load(media: Media, url: FileUrl): void {
    this.element.pause();
    this.media = media;
    this.url = url;
    const made = rendition(media, "playable");
    const sources = [{ src: url(media), type: typeOf(media.mime) }];
    if (made) sources.push({ src: url(media, "playable"), type: made.mime });
    this.element.replaceChildren(
      ...sources.map((one) => Object.assign(document.createElement("source"), one)),
    );
    const seconds = this.heard(media.id);
    const duration = media.duration ?? 0;
    this.state = { id: media.id, playing: false, seconds, duration, failed: false };
    this.element.load();
    this.element.currentTime = seconds;
    this.tell();
  }

  private read(): void {
    if (!this.state) return;
    const { currentTime, duration, paused } = this.element;
    const known = this.media?.duration ?? (Number.isFinite(duration) ? duration : this.state.duration);
    this.state = { ...this.state, playing: !paused, seconds: currentTime, duration: known };
    if (currentTime > 0) sessionStorage.setItem(HEARD + this.state.id, String(currentTime));
    this.tell();
  }

  private ended(): void {
    const media = this.media;
    if (!media || !this.state) return;
    sessionStorage.removeItem(HEARD + media.id);
    this.element.currentTime = 0;
    this.state = { ...this.state, playing: false, seconds: 0 };
    this.tell();
    const next = media.kind === "voice" ? this.next(media.id) : null;
    if (next) this.play(next, this.url);
  }

  private fail(): void {
    // A source that is not understood is passed over; the element itself says when none is left.
    if (!this.state || this.element.networkState !== HTMLMediaElement.NETWORK_NO_SOURCE) return;
    this.state = { ...this.state, playing: false, failed: true };
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** With its codec, so that a browser which knows Ogg and not Opus passes it over at once. */
function typeOf(mime: string): string {
  return mime === "audio/ogg" ? "audio/ogg; codecs=opus" : mime;
}

let only: Player | null = null;

export function player(): Player {
  only ??= new Player();
  return only;
}

export function usePlaying(id: string): Playing | null {
  return useSyncExternalStore(player().subscribe, () => player().of(id));
}

export function useRate(): number {
  return useSyncExternalStore(player().subscribe, () => player().rate);
}

/** The voice note right after this one, of the same side. */
export function voiceAfter(messages: Message[], id: string): Media | null {
  const at = messages.findIndex((one) => one.media?.id === id);
  const [current, next] = [messages[at], messages[at + 1]];
  if (!current || next?.kind !== "voice" || next.direction !== current.direction) return null;
  return next.media?.state === "ready" ? next.media : null;
}
