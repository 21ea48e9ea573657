// The history of one attendance, virtual and held at its end; pages above are loaded without a jump.
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { type ReactNode, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { toast, toastError } from "@/components/ui/toasts";
import type { Abilities } from "@/lib/abilities";
import { api } from "@/lib/api";
import type { Attendance, Media, Message, Quote } from "@/lib/api/types";
import { useDesk, useOutbox, useThread, useUploads } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { dayName } from "@/lib/i18n/time";
import { lazily } from "@/lib/lazily";
import { within } from "@/lib/media";
import { player, voiceAfter } from "../media/player";
import { Uploading } from "../media/uploading";
import { Bubble, type BubbleActions } from "./bubble";
import { type Item, itemsOf } from "./items";
import { Outgoing } from "./outgoing";
import { useJump } from "./use-jump";
import { useOwnInView } from "./use-own-in-view";
import { useUnread } from "./use-unread";

const EditDialog = lazily(() => import("./edit-dialog"));
const JourneyDialog = lazily(() => import("./journey-dialog"));

const NEAR_END = 80;
const LOAD_ABOVE = 400;

interface ListProps {
  row: Attendance;
  clientName: string;
  jumpTo: number | undefined;
  can: Abilities;
  onQuote: (message: Message) => void;
}

export function MessageList({ row, clientName, jumpTo, can, onQuote }: ListProps) {
  const t = useT();
  const { board, sync } = useDesk();
  const thread = useThread(row.id);
  const outgoing = useOutbox(row.id);
  const uploads = useUploads(row.id);
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [followed, setFollowed] = useState<string | null>(null);
  const [edited, setEdited] = useState<Message | null>(null);
  const { newFrom, below } = useUnread(row, thread.items, atEnd);
  const complete = thread.older === null;
  const items = useMemo(
    () => itemsOf({ messages: thread.items, outgoing, uploads, complete, newFrom }),
    [thread.items, outgoing, uploads, complete, newFrom],
  );
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(items[index]),
    getItemKey: (index) => items[index]?.key ?? index,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: NEAR_END,
    overscan: 10,
    paddingEnd: 12,
  });

  useEffect(() => virtual.scrollToEnd(), [virtual]);
  const turning = useOwnInView(outgoing.length + uploads.length, items, virtual);

  const { flashing, jump } = useJump(row.id, items, virtual, jumpTo);
  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END);
    if (element.scrollTop < LOAD_ABOVE && !complete) void sync.loadOlder(row.id).catch(() => {});
  };
  const retry = useCallback(
    async (message: Message) => {
      try {
        board.putMessages(row.id, [await api.retry(message.id)]);
      } catch (error) {
        toastError(error);
      }
    },
    [board, row.id],
  );
  const fetchMedia = useCallback(
    async (media: Media) => {
      try {
        // The feed tells when it has come.
        await api.fetchMedia(media.id);
        toast(t("media.asked"));
      } catch (error) {
        toastError(error);
      }
    },
    [t],
  );
  useEffect(() => player().continueWith((id) => voiceAfter(board.thread(row.id).items, id)), [board, row.id]);
  const jumpToQuote = useCallback((quote: Quote) => void jump(quote.id), [jump]);
  const actions = useMemo<BubbleActions>(
    () => ({
      quote: onQuote,
      jump: jumpToQuote,
      retry,
      fetch: fetchMedia,
      follow: (message) => setFollowed(message.id),
      edit: setEdited,
    }),
    [onQuote, jumpToQuote, retry, fetchMedia],
  );
  const journey = followed && thread.items.find((message) => message.id === followed);
  const render = (item: Item): ReactNode => {
    if (item.type === "message") {
      const { message, joined } = item;
      const marks = { joined, clientName, can, flashing: flashing === message.id };
      return <Bubble message={message} actions={actions} {...marks} />;
    }
    if (item.type === "upload") return <Uploading entry={item.entry} />;
    if (item.type === "outgoing") return <Outgoing entry={item.entry} />;
    if (item.type === "day") return <Separator>{dayName(item.at)}</Separator>;
    if (item.type === "new") return <NewDivider />;
    return <p className="px-5 pt-6 pb-1 text-center text-ink-3 text-xs">{t("conversation.beginning")}</p>;
  };
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        onScroll={onScroll}
        {...turning}
        role="log"
        aria-label={t("conversation.messages")}
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="h-full overflow-y-auto overscroll-contain -outline-offset-2 [overflow-anchor:none]"
      >
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((shown) => (
            <div
              key={shown.key}
              ref={virtual.measureElement}
              data-index={shown.index}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${shown.start}px)` }}
            >
              {render(items[shown.index] as Item)}
            </div>
          ))}
        </div>
      </div>
      {journey && (
        <Suspense>
          <JourneyDialog message={journey} onClose={() => setFollowed(null)} />
        </Suspense>
      )}
      {edited && (
        <Suspense>
          <EditDialog message={edited} onClose={() => setEdited(null)} />
        </Suspense>
      )}
      {!atEnd && <ToEnd count={below} onClick={() => virtual.scrollToEnd({ behavior: "smooth" })} />}
    </div>
  );
}

function estimate(item: Item | undefined): number {
  if (item?.type === "upload") return 84;
  if (item?.type === "message") {
    const { text, media, location } = item.message;
    return 46 + Math.floor(text.length / 60) * 20 + (media || location ? mediaHeight(item.message) : 0);
  }
  return 40;
}

const HEIGHTS: Partial<Record<Message["kind"], number>> = {
  audio: 56,
  voice: 40,
  document: 40,
  location: 80,
};

function mediaHeight({ kind, media }: Message): number {
  if (media?.state !== "ready") return 44;
  if (media.width && media.height && kind !== "sticker") return within(media.width, media.height, 320).height;
  return HEIGHTS[kind] ?? 160;
}

function Separator({ children }: { children: ReactNode }) {
  return (
    <div className="flex justify-center pt-4 pb-1">
      <span className="rounded-full bg-sunken px-2.5 py-0.5 font-medium text-ink-3 text-xs first-letter:uppercase">
        {children}
      </span>
    </div>
  );
}

function NewDivider() {
  const t = useT();
  return (
    <div
      className="flex items-center gap-3 px-5 pt-4 pb-1 font-medium text-accent-ink text-xs"
      data-divider="new"
    >
      <span aria-hidden className="h-px flex-1 bg-accent/40" />
      {t("conversation.new_messages")}
      <span aria-hidden className="h-px flex-1 bg-accent/40" />
    </div>
  );
}

function ToEnd({ count, onClick }: { count: number; onClick: () => void }) {
  const t = useT();
  return (
    <button
      type="button"
      onClick={onClick}
      className="absolute right-4 bottom-3 flex h-9 items-center gap-1.5 rounded-full border border-line bg-raised px-3 font-medium text-[0.8125rem] text-ink-2 shadow-pop hover:text-ink pointer-coarse:h-11"
    >
      {count > 0 ? (
        t("conversation.new_below", { count })
      ) : (
        <span className="sr-only">{t("conversation.to_end")}</span>
      )}
      <ArrowDown aria-hidden className="size-4" />
    </button>
  );
}
