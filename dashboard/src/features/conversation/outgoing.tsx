import { Clock } from "lucide-react";
import { useDesk } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { clock } from "@/lib/i18n/time";
import { kindOf, type OutboxEntry } from "@/lib/outbox/entries";
import { MediaBody } from "../media/body";
import { QuoteBox, refusal, Shape, Text } from "./bubble";

/** What we typed and the server has not accepted yet. */
export function Outgoing({ entry }: { entry: OutboxEntry }) {
  const t = useT();
  const { outbox } = useDesk();
  const { location = null, contacts = [] } = entry;
  const failed = entry.state === "failed";
  const link = "rounded font-medium underline underline-offset-2 pointer-coarse:py-2";
  return (
    <article
      aria-label={t(failed ? "message.not_sent" : "message.sending")}
      data-outgoing={entry.state}
      className="flex flex-row-reverse px-3 pt-1.5 sm:px-5"
    >
      <Shape direction={entry.kind}>
        {entry.quote && <QuoteBox quote={entry.quote} />}
        <span className={failed ? undefined : "opacity-80"}>
          <MediaBody message={{ kind: kindOf(entry), media: null, location, contacts }} author="" />
          <Text text={entry.text} />
        </span>
        <span className="float-right mt-1 ml-3 inline-flex translate-y-0.5 items-center gap-1 text-2xs text-ink-2 tabular-nums">
          {clock(entry.at)}
          {!failed && (
            <span role="img" aria-label={t("message.sending")} title={t("message.sending")}>
              <Clock aria-hidden className="size-3.5" />
            </span>
          )}
        </span>
        {failed && (
          <div
            role="alert"
            className="clear-both mt-1 flex flex-wrap items-center gap-x-3 border-danger/25 border-t pt-1 text-danger-ink text-xs"
          >
            <span className="min-w-0 flex-1">{refusal(entry.failure)}</span>
            <button type="button" className={link} onClick={() => outbox.retry(entry.id)}>
              {t("action.retry")}
            </button>
            <button type="button" className={link} onClick={() => outbox.discard(entry.id)}>
              {t("action.discard")}
            </button>
          </div>
        )}
      </Shape>
    </article>
  );
}
