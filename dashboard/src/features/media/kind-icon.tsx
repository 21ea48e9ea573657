import { Contact, FileText, Image, MapPin, Mic, Music, Sticker, Video } from "lucide-react";
import type { Message } from "@/lib/api/types";

const ICONS: Partial<Record<Message["kind"], typeof Image>> = {
  image: Image,
  sticker: Sticker,
  audio: Music,
  voice: Mic,
  video: Video,
  document: FileText,
  location: MapPin,
  contact: Contact,
};

/** What a message is, at a glance; nothing for a text. */
export function KindIcon({ kind, className }: { kind: Message["kind"]; className?: string }) {
  const Icon = ICONS[kind];
  return Icon ? <Icon aria-hidden className={className} data-kind={kind} /> : null;
}
