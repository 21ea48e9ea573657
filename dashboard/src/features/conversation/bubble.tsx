// One message, whoever wrote it.
import { Copy, CornerUpLeft, RotateCw, Star, StickyNote } from "lucide-react";
import { memo, type ReactNode } from "react";
import { IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { explain } from "@/components/ui/states";
import { toast } from "@/components/ui/toasts";
import type { Abilities } from "@/lib/abilities";
import { ApiError } from "@/lib/api";
import type { Direction, Media, Message, Quote } from "@/lib/api/types";
import { t as translate, useT } from "@/lib/i18n";
import { clock, fullTime } from "@/lib/i18n/time";
import { marked } from "@/lib/markup";
import { inWords } from "@/lib/media";
import { MediaBody } from "../media/body";
import { KindIcon } from "../media/kind-icon";
import { AmendMenu, Edited, isPlaceholder, Placeholder, Reactions } from "./amendments";
import { reason } from "./reason";
import { Ticks } from "./ticks";

export interface BubbleActions {
  quote: (message: Message) => void;
  jump: (quote: Quote) => void;
  retry: (message: Message) => void;
  fetch: (media: Media) => void;
  follow: (message: Message) => void;
  edit: (message: Message) => void;
}

interface BubbleProps {
  message: Message;
  joined: boolean;
  clientName: string;
  flashing: boolean;
  can: Abilities;
  actions: BubbleActions;
}

export const Bubble = memo(function Bubble({
  message,
  joined,
  clientName,
  flashing,
  can,
  actions,
}: BubbleProps) {
  const t = useT();
  const ours = message.direction !== "inbound";
  const author = ours ? (message.author?.name ?? t("message.system")) : clientName;
  return (
    <article
      aria-label={t("message.label", { author, time: fullTime(message.at) })}
      data-message={message.id}
      data-direction={message.direction}
      className={cx(
        "group flex items-end gap-1 px-3 sm:px-5",
        ours && "flex-row-reverse",
        joined ? "pt-0.5" : "pt-2.5",
      )}
    >
      <Shape direction={message.direction} joined={joined} flashing={flashing}>
        {!joined && ours && <Author name={author} direction={message.direction} />}
        {message.quote && <QuoteBox quote={message.quote} onJump={actions.jump} />}
        <MediaBody message={message} author={author} onFetch={actions.fetch} />
        <Body message={message} />
        {message.template && (
          <span className="mt-0.5 block text-2xs text-ink-2">
            {t("message.template", { name: message.template.name })}
          </span>
        )}
        <Edited message={message} />
        <When message={message} onFollow={actions.follow} />
        {(message.delivery === "failed" || message.delivery === "unknown") && (
          <Failed message={message} onRetry={actions.retry} />
        )}
        <Reactions message={message} />
      </Shape>
      <span className="flex shrink-0 opacity-0 transition-opacity focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-70">
        {can.quote && message.direction !== "note" && (
          <IconButton label={t("message.quote")} onClick={() => actions.quote(message)}>
            <CornerUpLeft />
          </IconButton>
        )}
        <AmendMenu message={message} can={can} onEdit={actions.edit} />
        {message.text && (
          <IconButton
            label={t("message.copy")}
            className="pointer-coarse:hidden"
            onClick={() => copy(message.text)}
          >
            <Copy />
          </IconButton>
        )}
      </span>
    </article>
  );
});

/** Its time and ticks; they open the way it went. */
function When({ message, onFollow }: { message: Message; onFollow: (message: Message) => void }) {
  const t = useT();
  const state = message.direction === "reply" && message.delivery;
  const known = state ? `${clock(message.at)}, ${t(`delivery.${state}`)}` : clock(message.at);
  return (
    <button
      type="button"
      onClick={() => onFollow(message)}
      aria-label={t("journey.open", { known })}
      aria-haspopup="dialog"
      className="relative float-right mt-1 ml-3 inline-flex translate-y-0.5 cursor-pointer select-none items-center gap-1 rounded text-2xs text-ink-2 before:absolute before:-inset-x-2 before:-inset-y-1 hover:underline pointer-coarse:before:-inset-y-3"
    >
      <time dateTime={message.at} title={fullTime(message.at)} className="tabular-nums">
        {clock(message.at)}
      </time>
      {message.direction === "reply" && <Ticks delivery={message.delivery} />}
    </button>
  );
}

async function copy(text: string): Promise<void> {
  await navigator.clipboard?.writeText(text);
  toast(translate("message.copied"));
}

const SHAPES: Record<Direction, string> = {
  inbound: "bg-bubble-in rounded-bl-md border border-line",
  reply: "bg-bubble-out rounded-br-md",
  note: "bg-bubble-note rounded-br-md",
};

interface ShapeProps {
  direction: Direction;
  joined?: boolean;
  flashing?: boolean;
  children: ReactNode;
}

export function Shape({ direction, joined, flashing, children }: ShapeProps) {
  return (
    <div
      className={cx(
        "min-w-0 max-w-[min(36rem,82%)] rounded-2xl px-3 py-1.5 text-ink",
        SHAPES[direction],
        joined && (direction === "inbound" ? "rounded-tl-md" : "rounded-tr-md"),
        flashing && "flash",
      )}
    >
      {children}
    </div>
  );
}

function Author({ name, direction }: { name: string; direction: Direction }) {
  const t = useT();
  const note = direction === "note";
  return (
    <p
      className={cx(
        "flex items-center gap-1 font-medium text-2xs",
        note ? "text-note-ink" : "text-accent-ink",
      )}
    >
      {note && <StickyNote aria-hidden className="size-3" />}
      {note ? t("message.note_by", { name }) : name}
    </p>
  );
}

export function Text({ text }: { text: string }) {
  return (
    <p dir="auto" className="inline whitespace-pre-wrap [overflow-wrap:anywhere] [unicode-bidi:isolate]">
      {marked(text)}
    </p>
  );
}

function Body({ message }: { message: Message }) {
  const t = useT();
  if (isPlaceholder(message)) return <Placeholder message={message} />;
  if (message.kind !== "feedback_request") return message.text && <Text text={message.text} />;
  return (
    <span className="flex items-center gap-1.5 text-ink-2">
      <Star aria-hidden className="size-4 shrink-0" />
      {t("message.feedback_request")}
    </span>
  );
}

export function QuoteBox({ quote, onJump }: { quote: Quote; onJump?: (quote: Quote) => void }) {
  const t = useT();
  return (
    <button
      type="button"
      onClick={() => onJump?.(quote)}
      aria-label={t("message.jump_to", { text: inWords(quote).slice(0, 80) })}
      className="mb-1 block w-full min-w-0 rounded-lg border-accent border-l-[3px] bg-ink/5 px-2.5 py-1 text-left"
    >
      <span dir="auto" className="line-clamp-2 text-[0.8125rem] text-ink-2 [overflow-wrap:anywhere]">
        <KindIcon kind={quote.kind} className="mr-1 inline size-3.5 align-[-2px]" />
        {inWords(quote)}
      </span>
    </button>
  );
}

function Failed({ message, onRetry }: { message: Message; onRetry: (message: Message) => void }) {
  const t = useT();
  return (
    <div className="clear-both mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 border-danger/25 border-t pt-1 text-danger-ink text-xs">
      <span className="min-w-0 flex-1">{reason(message.delivery, message.failure)}</span>
      <button
        type="button"
        onClick={() => onRetry(message)}
        className="inline-flex items-center gap-1 rounded font-medium underline underline-offset-2 pointer-coarse:py-2"
      >
        <RotateCw aria-hidden className="size-3" />
        {t("action.retry")}
      </button>
    </div>
  );
}

/** Why the server refused what was typed. */
export function refusal(code: string | null): string {
  return explain(new ApiError(0, code ?? "", translate("message.not_accepted"), {}, null));
}
