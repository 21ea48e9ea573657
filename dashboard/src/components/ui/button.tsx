import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";
import { Spinner } from "./states";

type Look = "primary" | "plain" | "ghost" | "danger";
type Size = "sm" | "md";

const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover",
  plain: "border border-line-strong bg-raised text-ink hover:bg-hover",
  ghost: "text-ink-2 hover:bg-hover hover:text-ink",
  danger: "bg-danger text-white hover:bg-danger-hover dark:text-black",
};

const SIZES: Record<Size, string> = {
  sm: "h-8 px-2.5 text-[0.8125rem] pointer-coarse:h-10",
  md: "h-9 px-3.5 text-sm pointer-coarse:h-11",
};

export function buttonClass(look: Look = "plain", size: Size = "md", extra?: string): string {
  return cx(
    "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-lg font-medium transition-colors",
    "disabled:cursor-not-allowed disabled:opacity-55",
    LOOKS[look],
    SIZES[size],
    extra,
  );
}

interface ButtonProps extends ComponentProps<"button"> {
  look?: Look;
  size?: Size;
  busy?: boolean;
}

export function Button({ look, size, busy, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={buttonClass(look, size, className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

interface IconButtonProps extends ComponentProps<"button"> {
  label: string;
  shortcut?: string;
  pressed?: boolean;
  children: ReactNode;
}

export const iconButtonClass =
  "inline-flex size-8 shrink-0 items-center justify-center rounded-lg text-ink-2 transition-colors hover:bg-hover hover:text-ink disabled:cursor-not-allowed disabled:opacity-45 aria-pressed:bg-selected aria-pressed:text-accent-ink data-[popup-open]:bg-hover pointer-coarse:size-11 [&_svg]:size-[1.125rem]";

export function IconButton({ label, shortcut, pressed, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={shortcut ? `${label} (${shortcut})` : label}
      aria-pressed={pressed}
      className={cx(iconButtonClass, className)}
      {...rest}
    >
      {children}
    </button>
  );
}
