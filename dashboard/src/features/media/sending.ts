// From what was chosen or recorded to what is uploaded.
import { hasCaption } from "@/lib/media";
import { takeAttachments } from "@/lib/outbox/attachments";
import { type Draft, setDraft } from "@/lib/outbox/drafts";
import type { Uploads } from "@/lib/outbox/uploads";

/** The text written beside a single file is its caption; what is left over is a message of its own. */
export function sendAttachments(uploads: Uploads, attendanceId: string, draft: Draft): string {
  const chosen = takeAttachments(attendanceId);
  const [only] = chosen;
  const isCaption = chosen.length === 1 && only?.caption === "" && hasCaption(only.kind);
  chosen.forEach(({ file, kind, url, caption }, index) => {
    uploads.add({
      attendance_id: attendanceId,
      file,
      kind,
      url,
      caption: isCaption ? draft.text : caption,
      quote: index === 0 ? draft.quote : null,
    });
  });
  return isCaption ? "" : draft.text;
}

export function sendVoice(uploads: Uploads, attendanceId: string, file: File, draft: Draft): void {
  const url = URL.createObjectURL(file);
  uploads.add({ attendance_id: attendanceId, file, kind: "voice", url, caption: "", quote: draft.quote });
  setDraft(attendanceId, { quote: null });
}
