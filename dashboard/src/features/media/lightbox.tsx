// One picture as large as the window, and larger: wheel, pinch, double click, keys.
import { Dialog as Base } from "@base-ui/react/dialog";
import { Download, X, ZoomIn, ZoomOut } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import type { Media } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { fullForm, prettySize, useFileUrl } from "@/lib/media";

const MOST = 5;
const STEP = 1.25;
const PAN = 60;

interface Shown {
  zoom: number;
  x: number;
  y: number;
}

const WHOLE: Shown = { zoom: 1, x: 0, y: 0 };

/** Not smaller than the window, not larger than five times, and never out of sight. */
function zoomed(from: Shown, zoom: number): Shown {
  const next = Math.min(MOST, Math.max(1, zoom));
  if (next === 1) return WHOLE;
  return { zoom: next, x: (from.x * next) / from.zoom, y: (from.y * next) / from.zoom };
}

function moved(from: Shown, x: number, y: number, box: DOMRect | undefined): Shown {
  if (from.zoom === 1 || !box) return from;
  const within = (value: number, size: number) => {
    const most = (size * (from.zoom - 1)) / 2;
    return Math.min(most, Math.max(-most, value));
  };
  return { ...from, x: within(from.x + x, box.width), y: within(from.y + y, box.height) };
}

interface LightboxProps {
  media: Media;
  alt: string;
  onClose: () => void;
}

const button =
  "inline-flex size-10 items-center justify-center rounded-full text-white hover:bg-white/15 focus-visible:outline-white disabled:opacity-40 pointer-coarse:size-11 [&_svg]:size-5";

export default function Lightbox({ media, alt, onClose }: LightboxProps) {
  const url = useFileUrl()(media, fullForm(media) ?? undefined);
  const t = useT();
  const [shown, setShown] = useState(WHOLE);
  const stage = useRef<HTMLDivElement>(null);
  const zoom = (factor: number) => setShown((from) => zoomed(from, from.zoom * factor));
  const pan = (x: number, y: number) =>
    setShown((from) => moved(from, x, y, stage.current?.getBoundingClientRect()));
  const hands = usePointers(pan, zoom);
  useWheel(stage, zoom);
  const onKeyDown = (event: KeyboardEvent) => {
    const acts: Record<string, () => void> = {
      "+": () => zoom(STEP),
      "=": () => zoom(STEP),
      "-": () => zoom(1 / STEP),
      0: () => setShown(WHOLE),
      ArrowLeft: () => pan(PAN, 0),
      ArrowRight: () => pan(-PAN, 0),
      ArrowUp: () => pan(0, PAN),
      ArrowDown: () => pan(0, -PAN),
    };
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/90 transition-opacity duration-150 data-[starting-style]:opacity-0" />
        <Base.Popup
          onKeyDown={onKeyDown}
          data-lightbox={media.id}
          className="fixed inset-0 z-50 flex flex-col outline-none"
        >
          <div className="flex shrink-0 items-center gap-1 px-3 py-2 pt-[max(0.5rem,env(safe-area-inset-top))] text-white">
            <div className="min-w-0 flex-1">
              <Base.Title className="truncate font-medium">{alt}</Base.Title>
              <Base.Description className="truncate text-white/75 text-xs">
                {[media.name, media.size !== null && prettySize(media.size)].filter(Boolean).join(" · ")}
              </Base.Description>
            </div>
            <button
              type="button"
              className={button}
              aria-label={t("media.zoom_out")}
              disabled={shown.zoom === 1}
              onClick={() => zoom(1 / STEP)}
            >
              <ZoomOut aria-hidden />
            </button>
            <span role="status" className="w-12 text-center text-xs tabular-nums">
              {Math.round(shown.zoom * 100)} %
            </span>
            <button
              type="button"
              className={button}
              aria-label={t("media.zoom_in")}
              disabled={shown.zoom === MOST}
              onClick={() => zoom(STEP)}
            >
              <ZoomIn aria-hidden />
            </button>
            <a href={url} download={media.name} aria-label={t("media.download")} className={button}>
              <Download aria-hidden />
            </a>
            <Base.Close className={button} aria-label={t("action.close_window")}>
              <X aria-hidden />
            </Base.Close>
          </div>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: buttons and keys do the same */}
          <div
            ref={stage}
            className="flex min-h-0 flex-1 touch-none select-none items-center justify-center overflow-hidden p-2"
            onDoubleClick={() => setShown((from) => (from.zoom > 1 ? WHOLE : zoomed(from, 2.5)))}
            {...hands}
          >
            <img
              src={url}
              alt={alt}
              draggable={false}
              data-zoom={shown.zoom.toFixed(2)}
              className="max-h-full max-w-full object-contain"
              style={{
                transform: `translate(${shown.x}px, ${shown.y}px) scale(${shown.zoom})`,
                cursor: shown.zoom > 1 ? "grab" : "zoom-in",
              }}
            />
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

type Pan = (x: number, y: number) => void;
type Zoom = (factor: number) => void;

/** One pointer moves, two pinch. */
function usePointers(pan: Pan, zoom: Zoom) {
  const down = useRef(new Map<number, { x: number; y: number }>());
  const apart = () => {
    const [a, b] = [...down.current.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };
  const end = (event: PointerEvent) => void down.current.delete(event.pointerId);
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      down.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    },
    onPointerMove: (event: PointerEvent) => {
      const before = down.current.get(event.pointerId);
      if (!before) return;
      const spread = apart();
      down.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (down.current.size > 1 && spread > 0) zoom(apart() / spread);
      else pan(event.clientX - before.x, event.clientY - before.y);
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}

/** React listens to the wheel passively; here the page must not zoom. */
function useWheel(stage: { current: HTMLElement | null }, zoom: Zoom): void {
  const latest = useRef(zoom);
  latest.current = zoom;
  useEffect(() => {
    const element = stage.current;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      latest.current(Math.exp(-event.deltaY / 400));
    };
    element?.addEventListener("wheel", onWheel, { passive: false });
    return () => element?.removeEventListener("wheel", onWheel);
  }, [stage]);
}
