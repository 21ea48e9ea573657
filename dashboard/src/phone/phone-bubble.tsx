import { Check, CheckCheck, Clock, CornerUpLeft } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { MediaBody } from "@/features/media/body";
import { KindIcon } from "@/features/media/kind-icon";
import { clock } from "@/lib/i18n/time";
import { marked } from "@/lib/markup";
import { FileUrls, inWords } from "@/lib/media";
import type { PhoneMessage } from "./api";
import { usePhoneTexts } from "./texts";

interface BubbleProps {
  phone: string;
  message: PhoneMessage;
  quoted: PhoneMessage | undefined;
  onQuote: () => void;
}

export function PhoneBubble({ phone, message, quoted, onQuote }: BubbleProps) {
  const t = usePhoneTexts();
  const out = message.direction === "out";
  // A phone has the file as it was sent, and nothing that was made of it.
  const media = message.media && { ...message.media, id: message.id, renditions: [] };
  const shown = { ...message, media };
  return (
    <div
      data-phone-message={message.id}
      data-direction={message.direction}
      data-delivery={message.delivery}
      className={cx("group flex items-center gap-1", out && "flex-row-reverse")}
    >
      <div
        className={cx(
          "max-w-[82%] rounded-xl px-3 py-1.5 text-ink shadow-[0_1px_1px_rgb(0_0_0/0.12)]",
          out ? "rounded-tr-sm bg-[#d9fdd3] dark:bg-[#005c4b]" : "rounded-tl-sm bg-white dark:bg-[#202c27]",
        )}
      >
        {quoted && (
          <p className="mb-1 line-clamp-2 rounded-md border-accent border-l-[3px] bg-black/5 px-2 py-1 text-[0.8125rem] text-ink-2 dark:bg-white/5">
            <KindIcon kind={quoted.kind} className="mr-1 inline size-3.5 align-[-2px]" />
            {inWords(quoted)}
          </p>
        )}
        <FileUrls value={() => `/simulator/phones/${phone}/media/${message.id}`}>
          <MediaBody message={shown} author={out ? t("phone.me") : t("phone.helpdesk")} />
        </FileUrls>
        <span dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere] [unicode-bidi:isolate]">
          {marked(message.text)}
        </span>
        <span className="float-right mt-1 ml-3 inline-flex translate-y-0.5 items-center gap-1 text-2xs text-ink-2 dark:text-white/85">
          {clock(message.at)}
          {out && <PhoneTicks delivery={message.delivery} />}
        </span>
      </div>
      <IconButton
        label={t("phone.quote")}
        onClick={onQuote}
        className="opacity-0 focus-visible:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-60"
      >
        <CornerUpLeft />
      </IconButton>
    </div>
  );
}

const ICONS = { pending: Clock, sent: Check, delivered: CheckCheck, read: CheckCheck };

function PhoneTicks({ delivery }: { delivery: PhoneMessage["delivery"] }) {
  const Icon = ICONS[delivery];
  return (
    <span role="img" aria-label={delivery} className={delivery === "read" ? "text-read" : undefined}>
      <Icon aria-hidden className="size-4" />
    </span>
  );
}
