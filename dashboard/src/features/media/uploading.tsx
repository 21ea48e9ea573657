// A file on its way to the server.
import { FileText, RotateCw, X } from "lucide-react";
import { refusal, Shape, Text } from "@/features/conversation/bubble";
import { useDesk } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { isShown, prettySize } from "@/lib/media";
import type { UploadEntry } from "@/lib/outbox/uploads";
import { KindIcon } from "./kind-icon";

export function Uploading({ entry }: { entry: UploadEntry }) {
  const t = useT();
  const { uploads } = useDesk();
  const { file, kind, state, progress } = entry;
  const failed = state === "failed";
  const percent = Math.round(progress * 100);
  const action =
    "inline-flex items-center gap-1 rounded font-medium underline underline-offset-2 pointer-coarse:py-2";
  return (
    <article
      aria-label={t(failed ? "message.not_sent" : "message.sending")}
      data-upload={state}
      className="flex flex-row-reverse px-3 pt-1.5 sm:px-5"
    >
      <Shape direction="reply">
        <div className="flex w-72 max-w-full items-center gap-3 py-1">
          <Preview entry={entry} />
          <div className="min-w-0 flex-1">
            <bdi className="line-clamp-1 font-medium text-[0.8125rem] [overflow-wrap:anywhere]">
              {kind === "voice" ? t("kind.voice") : file.name}
            </bdi>
            {failed ? (
              <p role="alert" className="text-danger-ink text-xs">
                {refusal(entry.failure)}
              </p>
            ) : (
              <>
                <p className="text-ink-2 text-xs tabular-nums">
                  {state === "waiting" ? t("upload.waiting") : `${percent} % · ${prettySize(file.size)}`}
                </p>
                <progress
                  aria-label={t("upload.progress", { name: file.name })}
                  max={100}
                  value={percent}
                  className="upload-progress mt-1 block h-1.5 w-full"
                />
              </>
            )}
          </div>
          {!failed && (
            <button
              type="button"
              aria-label={t("upload.cancel", { name: file.name })}
              onClick={() => uploads.cancel(entry.id)}
              className="flex size-8 shrink-0 items-center justify-center rounded-full text-ink-2 hover:bg-ink/10 hover:text-ink pointer-coarse:size-11"
            >
              <X aria-hidden className="size-4" />
            </button>
          )}
        </div>
        {entry.caption && <Text text={entry.caption} />}
        {failed && (
          <div className="mt-1 flex gap-x-3 border-danger/25 border-t pt-1 text-danger-ink text-xs">
            <button type="button" className={action} onClick={() => uploads.retry(entry.id)}>
              <RotateCw aria-hidden className="size-3" />
              {t("action.retry")}
            </button>
            <button type="button" className={action} onClick={() => uploads.cancel(entry.id)}>
              {t("action.discard")}
            </button>
          </div>
        )}
      </Shape>
    </article>
  );
}

function Preview({ entry }: { entry: UploadEntry }) {
  const square =
    "flex size-12 shrink-0 items-center justify-center overflow-hidden rounded-lg bg-ink/5 text-ink-2";
  if (entry.kind === "sticker" || (entry.kind === "image" && isShown(entry.file))) {
    return <img src={entry.url} alt="" className={`${square} object-cover`} />;
  }
  return (
    <span className={square}>
      {entry.kind === "document" ? (
        <FileText aria-hidden className="size-5" />
      ) : (
        <KindIcon kind={entry.kind} className="size-5" />
      )}
    </span>
  );
}
