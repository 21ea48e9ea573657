// Waiting, emptiness and failure, always with a way on.
import { CircleAlert, LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError, OfflineError } from "@/lib/api/http";
import { type Key, t, useT } from "@/lib/i18n";
import { Button } from "./button";
import { cx } from "./cx";

export function Spinner({ className }: { className?: string }) {
  return <LoaderCircle aria-hidden className={cx("size-4 animate-spin", className)} />;
}

/** The server's refusal in the reader's language where we know its code, in its own words otherwise. */
export function explain(error: unknown): string {
  if (error instanceof OfflineError) return t("error.offline");
  if (!(error instanceof ApiError)) return t("error.unexpected");
  const key = `error.${error.code}` as Key;
  const known = t(key);
  if (known !== key) return known;
  if (error.status === 403) return t("error.forbidden");
  if (error.status === 404) return t("error.not_found");
  if (error.status >= 500) return t("error.unavailable");
  return error.detail;
}

interface EmptyProps {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className="mx-auto flex max-w-sm flex-col items-center gap-2 px-6 py-12 text-center">
      <div className="mb-1 flex size-11 items-center justify-center rounded-xl bg-sunken text-ink-3 [&_svg]:size-5">
        {icon}
      </div>
      <p className="font-medium text-ink">{title}</p>
      {children && <div className="text-[0.8125rem] text-ink-3">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}

export function Failure({ error, retry }: { error?: unknown; retry?: () => void }) {
  const t = useT();
  return (
    <div role="alert">
      <Empty
        icon={<CircleAlert />}
        title={t("error.title")}
        action={retry && <Button onClick={retry}>{t("action.retry")}</Button>}
      >
        {explain(error)}
      </Empty>
    </div>
  );
}

export function Skeletons({ count = 6, className }: { count?: number; className?: string }) {
  return (
    <div aria-hidden className="flex flex-col gap-3 p-4">
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: nothing but grey boxes
        <div key={index} className={cx("skeleton h-12", className)} />
      ))}
    </div>
  );
}
