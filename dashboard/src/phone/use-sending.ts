import { useState } from "react";
import { ApiError } from "@/lib/api/http";
import type { MediaKind } from "@/lib/api/types";
import { naturalKind } from "@/lib/media";
import { type Person, type PhoneMessage, simulator } from "./api";
import { usePhoneTexts } from "./texts";

/** Sends files one after the other; the text that is being written is the caption of the first. */
export function useSending(
  person: Person,
  quote: PhoneMessage | null,
  caption: string,
  onDone: (problem: string) => void,
) {
  const t = usePhoneTexts();
  const [progress, setProgress] = useState<number | null>(null);
  const send = async (files: File[], kind?: MediaKind) => {
    try {
      for (const [index, file] of files.entries()) {
        setProgress(0);
        const about = index === 0 && kind !== "voice" ? { caption: caption.trim(), quote: quote?.id } : {};
        const it = { ...about, file, kind: kind ?? naturalKind(file), name: person.name };
        await simulator.sendFile(person.phone, it, setProgress).done;
      }
      onDone("");
    } catch (error) {
      onDone(error instanceof ApiError ? error.detail : t("phone.retry_wait"));
    } finally {
      setProgress(null);
    }
  };
  return { progress, send };
}
