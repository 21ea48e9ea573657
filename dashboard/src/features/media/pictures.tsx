// Pictures and films. The room they take is known before they come: nothing jumps.
import { CircleAlert, Download, ImageOff, LoaderCircle } from "lucide-react";
import { Suspense, type SyntheticEvent, useRef, useState } from "react";
import type { Media } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { lazily } from "@/lib/lazily";
import { fullForm, rendition, useFileUrl, within } from "@/lib/media";
import { DocumentCard } from "./document";

const loadLightbox = () => import("./lightbox");
const Lightbox = lazily(loadLightbox);

const EDGE = 320;
const STICKER_EDGE = 160;
const UNKNOWN = { width: 240, height: 180 };

function room(media: Media, edge: number): { width: number; height: number } {
  if (!media.width || !media.height) return UNKNOWN;
  const { width, height } = within(media.width, media.height, edge);
  // A banner or a needle still gets enough room to be hit.
  return { width: Math.max(width, 72), height: Math.max(height, 48) };
}

interface PictureProps {
  media: Media;
  alt: string;
}

/** The size is the server's word; a style sheet cannot know it. */
export function Picture({ media, alt }: PictureProps) {
  const url = useFileUrl();
  const t = useT();
  const [open, setOpen] = useState(false);
  const [broken, setBroken] = useState(false);
  const { width, height } = room(media, EDGE);
  // A thumbnail stands still.
  const small = media.mime !== "image/gif" && rendition(media, "thumbnail");
  if (broken) return <Broken media={media} />;
  if (fullForm(media) === null) return <DocumentCard media={media} />;
  return (
    <>
      <button
        type="button"
        aria-label={t("media.enlarge", { alt })}
        aria-haspopup="dialog"
        onPointerEnter={() => void loadLightbox().catch(() => {})}
        onClick={() => setOpen(true)}
        data-picture={media.id}
        className="block max-w-full cursor-zoom-in overflow-hidden rounded-xl bg-ink/5"
        style={{ width, aspectRatio: `${width} / ${height}` }}
      >
        <img
          src={url(media, small ? "thumbnail" : undefined)}
          alt={alt}
          width={width}
          height={height}
          loading="lazy"
          decoding="async"
          onError={() => setBroken(true)}
          className="size-full object-cover"
        />
      </button>
      {open && (
        <Suspense>
          <Lightbox media={media} alt={alt} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

export function Sticker({ media, alt }: PictureProps) {
  const url = useFileUrl();
  const [broken, setBroken] = useState(false);
  const { width, height } = room(media, STICKER_EDGE);
  if (broken) return <Broken media={media} />;
  return (
    <img
      data-picture={media.id}
      src={url(media)}
      alt={alt}
      width={width}
      height={height}
      loading="lazy"
      decoding="async"
      onError={() => setBroken(true)}
      style={{ width, aspectRatio: `${width} / ${height}` }}
      className="max-w-full object-contain"
    />
  );
}

/** What was made to play everywhere is played instead of the original. */
export function Film({ media, alt }: PictureProps) {
  const t = useT();
  // It was looked at, and something more is made of it.
  const converting = media.processing && media.width !== null;
  const form = rendition(media, "playable") ? "playable" : undefined;
  return (
    <>
      <Player key={form} media={media} form={form} alt={alt} converting={converting} />
      {converting && (
        <p role="status" className="mt-1 flex items-center gap-1.5 text-ink-2 text-xs">
          <LoaderCircle aria-hidden className="size-3.5 shrink-0 animate-spin" />
          {t("media.converting")}
        </p>
      )}
    </>
  );
}

function Player({ media, alt, form, converting }: PictureProps & { form?: string; converting: boolean }) {
  const url = useFileUrl();
  const t = useT();
  const [broken, setBroken] = useState(false);
  const broke = useRef(-1);
  const { width, height } = room(media, EDGE);
  const poster = rendition(media, "poster");
  const onError = ({ currentTarget: film }: SyntheticEvent<HTMLVideoElement>) => {
    const { currentTime: at, paused } = film;
    // The connection broke, or in a long pause a bucket's address ran out: ours leads to a new one.
    if (film.error?.code !== MediaError.MEDIA_ERR_NETWORK || at === broke.current) return setBroken(true);
    broke.current = at;
    film.load();
    film.currentTime = at;
    if (!paused) film.play().catch(() => {});
  };
  if (broken) {
    return (
      <div className="flex flex-col gap-1">
        {!converting && (
          <p role="alert" className="flex items-center gap-1.5 text-[0.8125rem] text-ink-2">
            <CircleAlert aria-hidden className="size-4 shrink-0" />
            {t("media.unplayable")}
          </p>
        )}
        <DocumentCard media={media} />
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/useMediaCaption: clients' films come without captions
    <video
      data-film={media.id}
      controls
      playsInline
      aria-label={alt}
      preload={poster ? "none" : "metadata"}
      poster={poster && url(media, "poster")}
      width={width}
      height={height}
      onError={onError}
      src={url(media, form)}
      style={{ width: Math.max(width, 220), aspectRatio: `${width} / ${height}` }}
      className="max-w-full rounded-xl bg-black object-contain"
    />
  );
}

function Broken({ media }: { media: Media }) {
  const url = useFileUrl();
  const t = useT();
  return (
    <div className="flex items-center gap-2 py-1 text-ink-2">
      <ImageOff aria-hidden className="size-5 shrink-0" />
      <span className="min-w-0 flex-1 text-[0.8125rem]">{t("media.not_shown")}</span>
      <a href={url(media)} download={media.name} aria-label={t("media.download")} className="p-2">
        <Download aria-hidden className="size-4" />
      </a>
    </div>
  );
}
