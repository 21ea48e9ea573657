import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "./cx";

export const inputClass =
  "w-full min-w-0 rounded-lg border border-line-strong bg-surface px-3 text-sm text-ink transition-colors focus-visible:border-accent focus-visible:outline-offset-0 disabled:bg-sunken disabled:text-ink-3 aria-invalid:border-danger pointer-coarse:text-base";

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string;
  children: (ids: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const about = hint || error ? `${id}-about` : undefined;
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium text-[0.8125rem] text-ink-2">
        {label}
      </label>
      {children({ id, "aria-describedby": about, "aria-invalid": error ? true : undefined })}
      {about && (
        <p id={about} className={cx("text-xs", error ? "text-danger-ink" : "text-ink-3")}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

interface InputFieldProps extends ComponentProps<"input"> {
  label: string;
  hint?: ReactNode;
  error?: string;
}

export function InputField({ label, hint, error, className, ...rest }: InputFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => <input {...ids} className={cx(inputClass, "h-9 pointer-coarse:h-11", className)} {...rest} />}
    </Field>
  );
}

interface TextFieldProps extends ComponentProps<"textarea"> {
  label: string;
  hint?: ReactNode;
  error?: string;
}

export function TextField({ label, hint, error, className, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <textarea {...ids} rows={3} className={cx(inputClass, "resize-y py-2", className)} {...rest} />
      )}
    </Field>
  );
}

export interface Choice {
  value: string;
  label: string;
}

interface SelectFieldProps extends ComponentProps<"select"> {
  label: string;
  choices: Choice[];
  hint?: ReactNode;
  error?: string;
}

/** The platform's own list: the best one on a phone, and the lightest everywhere. */
export function SelectField({ label, choices, hint, error, className, ...rest }: SelectFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <select {...ids} className={cx(inputClass, "h-9 pr-8 pointer-coarse:h-11", className)} {...rest}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface CheckProps extends ComponentProps<"input"> {
  label: string;
  hint?: string;
}

export function Check({ label, hint, className, ...rest }: CheckProps) {
  const id = useId();
  return (
    <div className={cx("flex items-start gap-2.5 py-1", className)}>
      <input
        id={id}
        type="checkbox"
        aria-describedby={hint ? `${id}-about` : undefined}
        className="mt-0.5 size-4 accent-accent"
        {...rest}
      />
      <div>
        <label htmlFor={id} className="text-ink">
          {label}
        </label>
        {hint && (
          <p id={`${id}-about`} className="text-ink-3 text-xs">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
