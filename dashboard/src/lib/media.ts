// Files of messages: where they are, how they are named to people, and what may be sent.

import { createContext, useContext } from "react";
import type { Media, MediaKind, Message } from "./api/types";
import { type Key, language, t } from "./i18n";

export type Limits = Partial<Record<MediaKind, number>>;
export type FileUrl = (media: Media, form?: string) => string;

/** Where a file is; `form` names what was made of it. The cookie decides who gets it. */
const ofDashboard: FileUrl = (media, form) => `/v1/media/${media.id}${form ? `/${form}` : ""}`;

/** The simulated phone keeps its files elsewhere. */
export const FileUrls = createContext<FileUrl>(ofDashboard);
export const useFileUrl = (): FileUrl => useContext(FileUrls);

export function rendition(media: Media, form: Media["renditions"][number]["form"]) {
  return media.renditions.find((one) => one.form === form);
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

export function prettySize(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)));
  const format = new Intl.NumberFormat(language(), {
    style: "unit",
    unit: UNITS[step],
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: step < 2 ? 0 : 1,
  });
  return format.format(bytes / 1024 ** step);
}

/** 0:07, 12:30, 1:02:03 */
export function prettyDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const pad = (n: number) => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** Width and height within a square, never larger than the picture itself. */
export function within(width: number, height: number, edge: number): { width: number; height: number } {
  const scale = Math.min(1, edge / width, edge / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

const NAMED = new Set(["image", "sticker", "audio", "voice", "video", "document", "location", "contact"]);

/** A message in one line: its text, or what it is. */
export function inWords(message: Pick<Message, "kind" | "text">): string {
  if (message.kind === "feedback_request") return t("message.feedback_request");
  if (message.text || !NAMED.has(message.kind)) return message.text;
  return t(`kind.${message.kind}` as Key);
}

// What browsers show of what is sent as a photo; of the others, a form is made that they do.
const SHOWN = new Set(["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "image/bmp"]);
const IMAGES = new Set([...SHOWN, "image/heic", "image/heif", "image/tiff"]);
// Which many systems do not know.
const BY_NAME: Record<string, string> = {
  heic: "image/heic",
  heif: "image/heic",
  avif: "image/avif",
  tif: "image/tiff",
  tiff: "image/tiff",
};
/** What a sticker can be made of. */
export const STICKERS_OF = ["image/webp", "image/png", "image/jpeg"];
const FILMS = new Set([
  "video/mp4",
  "video/3gpp",
  "video/quicktime",
  "video/webm",
  "video/x-matroska",
  "video/x-msvideo",
  "video/avi",
]);

/** What a file would be sent as; one too large for its kind still goes as a document. */
export function kindOf(file: Named & { size: number }, limits: Limits): MediaKind {
  const kind = naturalKind(file);
  const limit = limits[kind] ?? 0;
  return file.size <= limit ? kind : "document";
}

type Named = { type: string; name: string };

function mimeOf({ type, name }: Named): string {
  const [mime = ""] = type.split(";");
  return mime || BY_NAME[name.toLowerCase().split(".").pop() ?? ""] || "";
}

/** What a file is by itself. */
export function naturalKind(file: Named): MediaKind {
  const mime = mimeOf(file);
  if (IMAGES.has(mime)) return "image";
  if (FILMS.has(mime)) return "video";
  return mime.startsWith("audio/") ? "audio" : "document";
}

/** Whether browsers show it as a picture. */
export const isShown = (file: Named): boolean => SHOWN.has(mimeOf(file));

/** The form of a picture to show in full; undefined is the picture itself, null that there is none yet. */
export function fullForm(media: Media): "photo" | undefined | null {
  if (isShown({ type: media.mime, name: "" })) return undefined;
  return rendition(media, "photo") ? "photo" : null;
}

/** WhatsApp shows none with these. */
export const hasCaption = (kind: MediaKind): boolean => kind !== "audio" && kind !== "sticker";

/** Why it cannot be sent; null when it can. */
export function whyNot(file: Named & { size: number }, kind: MediaKind, limits: Limits): string | null {
  const limit = limits[kind] ?? 0;
  if (file.size === 0) return t("attach.empty");
  if (kind === "sticker" && !STICKERS_OF.includes(mimeOf(file))) return t("attach.no_sticker");
  if (file.size <= limit) return null;
  return t("attach.too_large", { size: prettySize(file.size), limit: prettySize(limit) });
}
