// Modal windows over Base UI: focus is kept inside and returned afterwards, Esc closes.
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { FormEvent, ReactNode } from "react";
import { useT } from "@/lib/i18n";
import { Button, IconButton } from "./button";
import { cx } from "./cx";
import { explain } from "./states";

interface DialogProps {
  title: string;
  about?: ReactNode;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
}

export function Dialog({ title, about, onClose, children, wide }: DialogProps) {
  const t = useT();
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-backdrop transition-opacity duration-150 data-[starting-style]:opacity-0" />
        <Base.Popup
          className={cx(
            "fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] flex-col rounded-t-2xl border border-line bg-raised shadow-pop outline-none transition duration-150 data-[starting-style]:translate-y-3 data-[starting-style]:opacity-0",
            "sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:w-[calc(100vw-2rem)] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-2xl sm:data-[starting-style]:translate-y-[calc(-50%+0.5rem)]",
            wide ? "sm:max-w-xl" : "sm:max-w-md",
          )}
        >
          <div className="flex items-start gap-3 px-5 pt-4 pb-2">
            <div className="min-w-0 flex-1">
              <Base.Title className="font-semibold text-base text-ink">{title}</Base.Title>
              {about && <Base.Description className="mt-1 text-ink-3">{about}</Base.Description>}
            </div>
            <IconButton label={t("action.close_window")} onClick={onClose} className="-mr-2">
              <X />
            </IconButton>
          </div>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

interface FormDialogProps extends DialogProps {
  submit: string;
  danger?: boolean;
  busy?: boolean;
  error?: unknown;
  disabled?: boolean;
  onSubmit: (form: FormData) => void;
}

/** A dialog that is one form: fields, the refusal if any, cancel and submit. */
export function FormDialog({
  submit,
  danger,
  busy,
  error,
  disabled,
  onSubmit,
  children,
  ...rest
}: FormDialogProps) {
  const t = useT();
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  return (
    <Dialog {...rest}>
      <form onSubmit={send} className="flex min-h-0 flex-col">
        <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-2">{children}</div>
        {error != null && (
          <p role="alert" className="mx-5 mt-2 rounded-lg bg-danger-soft px-3 py-2 text-danger-ink">
            {explain(error)}
          </p>
        )}
        <div className="flex justify-end gap-2 px-5 pt-3 pb-[max(1rem,env(safe-area-inset-bottom))]">
          <Button look="ghost" onClick={rest.onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" look={danger ? "danger" : "primary"} busy={busy} disabled={disabled}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
