// A voice note or a song: its waveform is the slider.
import { CircleAlert, Download, Mic, Music, Pause, Play } from "lucide-react";
import type { ComponentProps, KeyboardEvent } from "react";
import { cx } from "@/components/ui/cx";
import type { Media } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { prettyDuration, useFileUrl } from "@/lib/media";
import { player, usePlaying, useRate } from "./player";

const KEYS: Record<string, 1 | -1> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

export function AudioPlayer({ media }: { media: Media }) {
  const url = useFileUrl();
  const t = useT();
  const now = usePlaying(media.id);
  const voice = media.kind === "voice";
  const duration = media.duration ?? now?.duration ?? 0;
  const seconds = now?.seconds ?? player().heard(media.id);
  const Kind = voice ? Mic : Music;
  if (now?.failed) return <Unplayable media={media} url={url(media)} />;
  return (
    <div
      data-audio={media.kind}
      data-playing={now?.playing || undefined}
      className="-mb-4 flex w-72 max-w-full items-center gap-2.5 pt-1"
    >
      <button
        type="button"
        aria-label={t(now?.playing ? "media.pause" : "media.play")}
        onClick={() => player().toggle(media, url)}
        className="flex size-10 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent hover:bg-accent-hover pointer-coarse:size-11"
      >
        {now?.playing ? (
          <Pause aria-hidden className="size-5 fill-current" />
        ) : (
          <Play aria-hidden className="size-5 translate-x-px fill-current" />
        )}
      </button>
      <div className="min-w-0 flex-1">
        {!voice && media.name && <p className="truncate font-medium text-[0.8125rem]">{media.name}</p>}
        <Track media={media} seconds={seconds} duration={duration} />
        <p className="mt-0.5 flex items-center gap-1 text-2xs text-ink-2 tabular-nums">
          <Kind aria-hidden className="size-3" />
          {length(seconds, duration)}
        </p>
      </div>
      <Rate />
    </div>
  );
}

function length(seconds: number, duration: number): string {
  if (!duration) return "";
  return seconds > 0 ? `${prettyDuration(seconds)} / ${prettyDuration(duration)}` : prettyDuration(duration);
}

interface TrackProps {
  media: Media;
  seconds: number;
  duration: number;
}

function Track({ media, seconds, duration }: TrackProps) {
  const url = useFileUrl();
  const t = useT();
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = KEYS[event.key];
    if (!direction) return;
    event.preventDefault();
    player().nudge(media, url, direction);
  };
  return (
    <div className="relative h-8 rounded focus-within:outline-2 focus-within:outline-focus">
      <Waveform peaks={media.waveform} played={duration > 0 ? seconds / duration : 0} />
      <input
        type="range"
        aria-label={t("media.position")}
        aria-valuetext={t("media.position_of", {
          position: prettyDuration(seconds),
          duration: prettyDuration(duration),
        })}
        min={0}
        max={duration || 1}
        step={0.1}
        value={Math.min(seconds, duration || 1)}
        onChange={(event) => player().seek(media, url, Number(event.target.value))}
        onKeyDown={onKeyDown}
        className="absolute inset-0 size-full cursor-pointer opacity-0"
      />
    </div>
  );
}

const BAR = 3;
const GAP = 1.5;
const HEIGHT = 32;
const FLAT = Array.from({ length: 48 }, () => 6);

interface WaveformProps extends ComponentProps<"svg"> {
  peaks: number[];
  /** From 0 to 1. */
  played: number;
}

export function Waveform({ peaks, played, className, ...rest }: WaveformProps) {
  const shown = peaks.length > 0 ? peaks : FLAT;
  const width = shown.length * (BAR + GAP) - GAP;
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${width} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={cx("block h-8 w-full", className)}
      {...rest}
    >
      {shown.map((peak, index) => {
        const height = Math.max(3, (peak / 100) * HEIGHT);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: bars never change their places
            key={index}
            x={index * (BAR + GAP)}
            y={(HEIGHT - height) / 2}
            width={BAR}
            height={height}
            rx={1.5}
            className={(index + 0.5) / shown.length <= played ? "fill-accent" : "fill-ink/25"}
          />
        );
      })}
    </svg>
  );
}

function Rate() {
  const t = useT();
  const rate = useRate();
  return (
    <button
      type="button"
      aria-label={t("media.speed", { rate: String(rate) })}
      title={t("media.speed", { rate: String(rate) })}
      onClick={() => player().faster()}
      className="h-6 shrink-0 rounded-full bg-ink/8 px-2 font-medium text-2xs text-ink-2 tabular-nums hover:bg-ink/15 hover:text-ink pointer-coarse:h-9"
    >
      {rate}×
    </button>
  );
}

function Unplayable({ media, url }: { media: Media; url: string }) {
  const t = useT();
  return (
    <div role="alert" className="flex w-72 max-w-full items-center gap-2 py-1 text-ink-2">
      <CircleAlert aria-hidden className="size-5 shrink-0 text-danger-ink" />
      <span className="min-w-0 flex-1 text-[0.8125rem]">{t("media.unplayable")}</span>
      <a href={url} download={media.name} aria-label={t("media.download")} className="p-2">
        <Download aria-hidden className="size-4" />
      </a>
    </div>
  );
}
