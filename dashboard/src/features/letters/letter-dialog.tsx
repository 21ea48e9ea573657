// One dead letter: why it died, where to look in the logs, what it says, and what to do.
import { useQuery } from "@tanstack/react-query";
import { Copy } from "lucide-react";
import type { ReactNode } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Failure, Spinner } from "@/components/ui/states";
import { toast } from "@/components/ui/toasts";
import type { Letter, LetterWithBody } from "@/lib/api/types";
import { t as translate, useT } from "@/lib/i18n";
import { fullTime } from "@/lib/i18n/time";
import { queries } from "@/lib/queries";
import { readable } from "./body";
import { errorOf, kindOf } from "./words";

interface LetterDialogProps {
  letter: Letter;
  onReplay: () => void;
  onDiscard: () => void;
  onClose: () => void;
}

export default function LetterDialog({ letter, onReplay, onDiscard, onClose }: LetterDialogProps) {
  const t = useT();
  const { data, error, refetch } = useQuery(queries.letter(letter.id));
  const title = kindOf(letter.type);
  return (
    <Dialog wide title={title} about={errorOf(letter)} onClose={onClose}>
      <section
        aria-label={title}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-2"
      >
        <p className="rounded-lg bg-sunken px-3 py-2 text-[0.8125rem] text-ink-2">
          {t(`letter.help.${letter.reason}`)}
        </p>
        <Facts letter={letter} />
        {!data && (error ? <Failure error={error} retry={() => void refetch()} /> : <Spinner />)}
        {data && <Contents letter={data} />}
      </section>
      <div className="flex flex-wrap justify-end gap-2 px-5 pt-3 pb-[max(1rem,env(safe-area-inset-bottom))]">
        <Button look="ghost" onClick={onDiscard}>
          {t("letter.discard")}
        </Button>
        <Button look="primary" onClick={onReplay}>
          {t("letter.replay")}
        </Button>
      </div>
    </Dialog>
  );
}

function Facts({ letter }: { letter: Letter }) {
  const t = useT();
  const error = letter.detail ? `${letter.error}: ${letter.detail}` : letter.error;
  return (
    <dl className="grid gap-x-4 gap-y-2 sm:grid-cols-[auto_1fr]">
      <Fact name={t("letter.reason")}>
        {t(`letter.reason.${letter.reason}`)} (<code>{letter.reason}</code>)
      </Fact>
      <Fact name={t("letter.error")}>
        <code>{error}</code>
      </Fact>
      <Fact name={t("letter.queue")}>
        <code>{letter.queue}</code>
      </Fact>
      {letter.type && (
        <Fact name={t("letter.type")}>
          <code>{letter.type}</code>
        </Fact>
      )}
      {letter.key && (
        <Fact name={t("letter.key")}>
          <code>{letter.key}</code>
        </Fact>
      )}
      <Fact name={t("letter.tried")}>
        {t("letter.attempts", { count: letter.attempts })}, {t("letter.deaths", { count: letter.deaths })}
      </Fact>
      <Fact name={t("letter.first")}>
        <time dateTime={letter.first_at}>{fullTime(letter.first_at)}</time>
      </Fact>
      <Fact name={t("letter.last")}>
        <time dateTime={letter.last_at}>{fullTime(letter.last_at)}</time>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-[0.8125rem] text-ink-2 max-sm:-mb-2">{name}</dt>
      <dd className="min-w-0 text-[0.8125rem] [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

function Contents({ letter }: { letter: LetterWithBody }) {
  const t = useT();
  const { text, cut } = readable(letter);
  return (
    <>
      {letter.correlation && (
        <section aria-label={t("journey.correlation")}>
          <h3 className="font-medium text-ink-2 text-xs">{t("journey.correlation")}</h3>
          <p className="flex items-center gap-1">
            <code className="min-w-0 flex-1 text-xs [overflow-wrap:anywhere]">{letter.correlation}</code>
            <IconButton
              label={t("journey.copy", { id: letter.correlation })}
              onClick={() => void copy(letter.correlation)}
            >
              <Copy />
            </IconButton>
          </p>
        </section>
      )}
      <section aria-label={t("letter.body")}>
        <h3 className="mb-1 font-medium text-ink-2 text-xs">
          {t(letter.encoding === "base64" ? "letter.body_bytes" : "letter.body")}
        </h3>
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
          className="max-h-72 overflow-auto rounded-lg border border-line bg-sunken p-3 text-ink text-xs"
        >
          {text}
        </pre>
        {cut && <p className="mt-1 text-ink-2 text-xs">{t("letter.cut")}</p>}
      </section>
    </>
  );
}

async function copy(text: string): Promise<void> {
  await navigator.clipboard?.writeText(text);
  toast(translate("message.copied"));
}
