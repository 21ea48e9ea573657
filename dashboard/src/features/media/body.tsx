// What a message holds beside its text, in whatever state its file is.
import { CircleSlash, Clock3, LoaderCircle, RotateCw, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { Media, Message } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { prettySize } from "@/lib/media";
import { AudioPlayer } from "./audio";
import { Contacts, Place } from "./cards";
import { DocumentCard } from "./document";
import { KindIcon } from "./kind-icon";
import { Film, Picture, Sticker } from "./pictures";

interface MediaBodyProps {
  message: Pick<Message, "kind" | "media" | "location" | "contacts">;
  author: string;
  onFetch?: (media: Media) => void;
}

export function MediaBody({ message, author, onFetch }: MediaBodyProps): ReactNode {
  const { media, location, contacts } = message;
  if (location) return <Place location={location} />;
  if (contacts && contacts.length > 0) return <Contacts contacts={contacts} />;
  if (!media) return null;
  if (media.state === "ready") return <Shown media={media} author={author} />;
  return <Missing media={media} onFetch={onFetch} />;
}

function Shown({ media, author }: { media: Media; author: string }) {
  const t = useT();
  const alt = t("media.from", { kind: t(`kind.${media.kind}`), author });
  if (media.kind === "image") return <Picture media={media} alt={alt} />;
  if (media.kind === "sticker") return <Sticker media={media} alt={alt} />;
  if (media.kind === "video") return <Film media={media} alt={alt} />;
  if (media.kind === "document") return <DocumentCard media={media} />;
  return <AudioPlayer media={media} />;
}

/** A file that is not here, why, and what can be done about it. */
function Missing({ media, onFetch }: { media: Media; onFetch?: (media: Media) => void }) {
  const t = useT();
  const { state } = media;
  const Icon = {
    pending: LoaderCircle,
    failed: TriangleAlert,
    gone: CircleSlash,
    removed: Clock3,
    ready: Clock3,
  }[state];
  return (
    <div
      data-media-state={state}
      className="flex w-72 max-w-full items-center gap-3 rounded-xl border border-line-strong border-dashed px-3 py-2.5"
    >
      <span className="relative flex size-10 shrink-0 items-center justify-center rounded-lg bg-ink/5 text-ink-2">
        <KindIcon kind={media.kind} className="size-5" />
      </span>
      <span className="min-w-0 flex-1">
        <bdi className="line-clamp-1 font-medium text-[0.8125rem] [overflow-wrap:anywhere]">{media.name}</bdi>
        <span role="status" className="mt-0.5 flex items-center gap-1 text-ink-2 text-xs">
          <Icon aria-hidden className={`size-3.5 shrink-0 ${state === "pending" ? "animate-spin" : ""}`} />
          <span className="min-w-0">
            {t(`media.${state}`)}
            {state === "pending" && media.size !== null && ` (${prettySize(media.size)})`}
          </span>
        </span>
        {onFetch && (state === "failed" || (state === "pending" && media.attempts > 1)) && (
          <button
            type="button"
            onClick={() => onFetch(media)}
            className="mt-1 inline-flex items-center gap-1 rounded font-medium text-accent-ink text-xs underline underline-offset-2 pointer-coarse:py-2"
          >
            <RotateCw aria-hidden className="size-3" />
            {t(state === "failed" ? "action.retry" : "media.fetch_now")}
          </button>
        )}
      </span>
    </div>
  );
}
