// The 24 hours in which an official number may answer freely: how long they last, and what is left after them.
import { Clock, FileText, Lock } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { useT } from "@/lib/i18n";
import { remaining } from "@/lib/i18n/time";
import { useCountdown } from "../session/use-countdown";

const LATE = 60 * 60;

export function WindowLeft({ closesAt }: { closesAt: string }) {
  const t = useT();
  const seconds = useCountdown(closesAt) ?? 0;
  const time = remaining(seconds);
  return (
    <span
      data-window="open"
      title={t("window.about")}
      className={cx(
        "inline-flex min-w-0 items-center gap-1 px-1 text-xs tabular-nums",
        seconds < LATE ? "text-warn-ink" : "text-ink-3",
      )}
    >
      <Clock aria-hidden className="size-3.5 shrink-0" />
      <span className="truncate">
        <span className="sr-only">{t("window.left", { time })}</span>
        <span aria-hidden>{time}</span>
      </span>
    </span>
  );
}

interface WindowProps {
  templates: boolean;
  onChoose: () => void;
}

export function WindowClosed({ templates, onChoose }: WindowProps) {
  const t = useT();
  return (
    <div
      role="status"
      data-window="closed"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3.5 pt-3 pb-2"
    >
      <Lock aria-hidden className="size-4 shrink-0 text-ink-3" />
      <span className="min-w-48 flex-1 text-[0.8125rem] text-ink-2">
        <strong className="font-medium text-ink">{t("window.closed")}</strong> {t("window.about")}
      </span>
      {templates && (
        <Button look="primary" size="sm" onClick={onChoose}>
          <FileText aria-hidden className="size-4" />
          {t("template.choose")}
        </Button>
      )}
    </div>
  );
}

export function TemplateButton({ onClick, className }: { onClick: () => void; className?: string }) {
  const t = useT();
  return (
    <IconButton label={t("template.choose")} onClick={onClick} className={className}>
      <FileText />
    </IconButton>
  );
}
