// Which way a message went: its steps, the time between them, and where to look in the log.
import { useQuery } from "@tanstack/react-query";
import { Copy } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Dialog } from "@/components/ui/dialog";
import { Failure, Spinner } from "@/components/ui/states";
import { toast } from "@/components/ui/toasts";
import type { Message, Step } from "@/lib/api/types";
import { t as translate, useT } from "@/lib/i18n";
import { duration, exactTime, fullTime } from "@/lib/i18n/time";
import { queries } from "@/lib/queries";
import { reason } from "./reason";

export default function JourneyDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const t = useT();
  const { data, error, refetch } = useQuery(queries.journey(message));
  const steps = data?.items;
  return (
    <Dialog title={t("journey.title")} about={fullTime(message.at)} onClose={onClose}>
      <section
        aria-label={t("journey.title")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="min-h-0 overflow-y-auto px-5 pt-1 pb-[max(1.25rem,env(safe-area-inset-bottom))]"
      >
        {!steps && (error ? <Failure error={error} retry={() => void refetch()} /> : <Spinner />)}
        {steps?.length === 0 && <p className="py-2 text-ink-2">{t("journey.nothing")}</p>}
        {steps && steps.length > 0 && <Attempts steps={steps} message={message} />}
      </section>
    </Dialog>
  );
}

function Attempts({ steps, message }: { steps: Step[]; message: Message }) {
  const t = useT();
  const attempts = [...new Set(steps.map((step) => step.attempt))];
  const causes = [...new Set(steps.map((step) => step.correlation_id).filter(Boolean))];
  return (
    <div className="flex flex-col gap-4">
      {attempts.map((attempt, index) => (
        <section key={attempt} aria-label={t("journey.attempt", { n: attempt })}>
          {attempts.length > 1 && (
            <h3 className="mb-2 font-medium text-ink-2 text-xs">{t("journey.attempt", { n: attempt })}</h3>
          )}
          <Timeline
            steps={steps.filter((step) => step.attempt === attempt)}
            waiting={index === attempts.length - 1 && message.delivery === "queued"}
          />
        </section>
      ))}
      {causes.length > 0 && <Causes causes={causes} />}
    </div>
  );
}

function Timeline({ steps, waiting }: { steps: Step[]; waiting: boolean }) {
  const last = steps.at(-1)?.name;
  const next = waiting && (last === "accepted" || last === "queued" || last === "sending") ? last : null;
  return (
    <ol className="flex flex-col">
      {steps.map((step, index) => (
        <Line key={step.name} drawn={next !== null || index < steps.length - 1} name={step.name}>
          <Entry step={step} before={steps[index - 1]} />
        </Line>
      ))}
      {next && (
        <Line drawn={false} name="waiting">
          <span className="text-ink-2 italic">{translate(`journey.waits.${next}`)}</span>
        </Line>
      )}
    </ol>
  );
}

interface LineProps {
  name: Step["name"] | "waiting";
  drawn: boolean;
  children: React.ReactNode;
}

function Line({ name, drawn, children }: LineProps) {
  const bad = name === "failed" || name === "unknown";
  return (
    <li data-step={name} className="relative flex gap-3 pb-3 last:pb-0">
      {drawn && <span aria-hidden className="absolute top-3 bottom-0 left-[4px] w-px bg-line" />}
      <span
        aria-hidden
        className={cx(
          "mt-1.5 size-[9px] shrink-0 rounded-full",
          bad ? "bg-danger" : name === "waiting" ? "border border-line-strong" : "bg-accent",
        )}
      />
      {children}
    </li>
  );
}

function Entry({ step, before }: { step: Step; before: Step | undefined }) {
  const t = useT();
  const took = before && Date.parse(step.at) - Date.parse(before.at);
  const bad = step.name === "failed" || step.name === "unknown";
  return (
    <span className="min-w-0 flex-1 text-[0.8125rem]">
      <span className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className={cx("font-medium", bad && "text-danger-ink")}>{t(`step.${step.name}`)}</span>
        <span className="text-ink-2 text-xs tabular-nums">
          <time dateTime={step.at} title={fullTime(step.at)}>
            {exactTime(step.at)}
          </time>
          {took !== undefined && ` · ${t("journey.later", { duration: duration(took) })}`}
        </span>
      </span>
      {bad && (
        <span className="block text-ink-2">{reason(step.name as "failed" | "unknown", step.failure)}</span>
      )}
      {step.process && (
        <span className="block font-mono text-ink-2 text-xs [overflow-wrap:anywhere]">{step.process}</span>
      )}
    </span>
  );
}

/** What to look for in the logs of every process. */
function Causes({ causes }: { causes: string[] }) {
  const t = useT();
  return (
    <section aria-label={t("journey.correlation")}>
      <h3 className="font-medium text-ink-2 text-xs">{t("journey.correlation")}</h3>
      {causes.map((cause) => (
        <p key={cause} className="flex items-center gap-1">
          <code className="min-w-0 flex-1 text-xs [overflow-wrap:anywhere]">{cause}</code>
          <IconButton label={t("journey.copy", { id: cause })} onClick={() => void copy(cause)}>
            <Copy />
          </IconButton>
        </p>
      ))}
    </section>
  );
}

async function copy(text: string): Promise<void> {
  await navigator.clipboard?.writeText(text);
  toast(translate("message.copied"));
}
