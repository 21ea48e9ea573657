// Files that were chosen, before they are sent: what they are, what is wrong with them, a caption each.
import { File as Paper, X } from "lucide-react";
import type { KeyboardEvent } from "react";
import { IconButton } from "@/components/ui/button";
import { useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { hasCaption, isShown, prettySize } from "@/lib/media";
import { type Attachment, caption, detach, switchKind } from "@/lib/outbox/attachments";
import { KindIcon } from "./kind-icon";

interface TrayProps {
  attendanceId: string;
  attachments: Attachment[];
  onSend: () => void;
}

export default function Tray({ attendanceId, attachments, onSend }: TrayProps) {
  const t = useT();
  return (
    <ul
      aria-label={t("attach.chosen")}
      className="mx-2 mt-2 flex max-h-72 flex-col gap-1.5 overflow-y-auto overscroll-contain"
    >
      {attachments.map((one) => (
        <li
          key={one.id}
          data-attachment={one.kind}
          className="flex items-center gap-3 rounded-xl bg-ink/5 p-1.5 pr-1"
        >
          <Preview attachment={one} />
          <Caption attendanceId={attendanceId} attachment={one} onSend={onSend} />
          {one.either && (
            <IconButton
              label={t("attach.as_document", { name: one.file.name })}
              pressed={one.kind === "document"}
              onClick={() => switchKind(attendanceId, one.id)}
            >
              <Paper />
            </IconButton>
          )}
          <IconButton
            label={t("attach.remove", { name: one.file.name })}
            onClick={() => detach(attendanceId, one.id)}
          >
            <X />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

function Preview({ attachment: { file, kind, url } }: { attachment: Attachment }) {
  const square = "size-14 shrink-0 rounded-lg bg-surface object-cover";
  if (kind === "sticker") return <img src={url} alt={file.name} className={`${square} object-contain!`} />;
  if (kind === "image" && isShown(file)) return <img src={url} alt={file.name} className={square} />;
  if (kind === "video") {
    return <video src={url} muted preload="metadata" aria-label={file.name} className={square} />;
  }
  return (
    <span className={`${square} flex items-center justify-center text-accent-ink`}>
      <KindIcon kind={kind} className="size-6" />
    </span>
  );
}

function Caption({
  attendanceId,
  attachment: { id, file, kind, natural, either, caption: text, problem },
  onSend,
}: { attachment: Attachment } & Omit<TrayProps, "attachments">) {
  const t = useT();
  const { limits } = useMe();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.key !== "Enter") return;
    event.preventDefault();
    onSend();
  };
  return (
    <span className="min-w-0 flex-1">
      <span className="flex items-baseline gap-2 text-xs">
        <bdi className="truncate font-medium text-ink">{file.name}</bdi>
        <span className="shrink-0 text-ink-2">
          {t(`kind.${kind}`)} · {prettySize(file.size)}
        </span>
      </span>
      {kind !== natural && !either && !problem && (
        <span className="block text-ink-2 text-xs">{t("attach.only_document")}</span>
      )}
      {problem ? (
        <span role="alert" className="block py-1 text-danger-ink text-xs">
          {problem}
        </span>
      ) : !hasCaption(kind) ? (
        <span className="block py-1 text-ink-2 text-xs">
          {t(kind === "sticker" ? "attach.sticker_form" : "attach.no_caption")}
        </span>
      ) : (
        <input
          value={text}
          dir="auto"
          maxLength={limits.caption}
          aria-label={t("attach.caption_of", { name: file.name })}
          placeholder={t("attach.caption")}
          onChange={(event) => caption(attendanceId, id, event.target.value)}
          onKeyDown={onKeyDown}
          className="mt-0.5 h-8 w-full min-w-0 rounded-md bg-transparent px-1.5 text-[0.8125rem] text-ink outline-none placeholder:text-ink-3 focus:bg-surface focus:outline-2 focus:outline-focus pointer-coarse:h-10 pointer-coarse:text-base"
        />
      )}
    </span>
  );
}
