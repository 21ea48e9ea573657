import { cx } from "@/components/ui/cx";
import { chooseLanguage, LANGUAGES, type Language, useLanguage, useT } from "@/lib/i18n";

export function LanguageChoice() {
  const t = useT();
  const current = useLanguage();
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">{t("settings.language")}</legend>
      {LANGUAGES.map(({ code, name }) => (
        <label
          key={code}
          lang={code}
          className={cx(
            "flex h-8 cursor-pointer items-center rounded-lg px-3 text-[0.8125rem] transition-colors has-focus-visible:outline-2 has-focus-visible:outline-focus pointer-coarse:h-11",
            code === current ? "bg-selected font-medium text-accent-ink" : "text-ink-2 hover:bg-hover",
          )}
        >
          <input
            type="radio"
            name="language"
            value={code}
            checked={code === current}
            onChange={() => void chooseLanguage(code as Language)}
            className="sr-only"
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}
