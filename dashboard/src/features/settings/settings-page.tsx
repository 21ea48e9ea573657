import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Check, InputField } from "@/components/ui/field";
import { toast, toastError } from "@/components/ui/toasts";
import { api } from "@/lib/api";
import { useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { setShortcuts, shortcutsOn } from "@/lib/keys";
import { playSound, setSound, soundOn } from "@/lib/notify";
import { chooseTheme, storedTheme, THEMES } from "@/lib/theme";
import { Card, Page } from "../shell/page";
import { LanguageChoice } from "./language-choice";
import { Notifications } from "./notifications";
import { PasswordForm } from "./password-form";

export function SettingsPage() {
  const t = useT();
  const { attendant: me, version } = useMe();
  return (
    <Page title={t("nav.settings")} about={`${me.email} · ${t(`role.${me.role}`)}`}>
      <div className="flex flex-col gap-4">
        <Section title={t("settings.profile")}>
          <Profile />
        </Section>
        <Section title={t("settings.appearance")}>
          <div className="flex flex-col gap-4">
            <ThemeChoice />
            <div>
              <p className="mb-1 font-medium text-[0.8125rem] text-ink-2">{t("settings.language")}</p>
              <LanguageChoice />
            </div>
          </div>
        </Section>
        <Section title={t("settings.work")}>
          <Habits />
        </Section>
        <Section title={t("settings.notifications")}>
          <Notifications />
        </Section>
        <Section title={t("settings.password")}>
          <PasswordForm />
        </Section>
        <p className="px-1 text-ink-3 text-xs">{t("settings.version", { version })}</p>
      </div>
    </Page>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card className="grid gap-4 p-5 md:grid-cols-[12rem_1fr]">
      <h2 className="font-semibold">{title}</h2>
      <div className="min-w-0 max-w-md">{children}</div>
    </Card>
  );
}

function useChangeMe() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: api.changeMe,
    onSuccess: () =>
      Promise.all(["me", "attendants"].map((key) => cache.invalidateQueries({ queryKey: [key] }))),
    onError: toastError,
  });
}

function Profile() {
  const t = useT();
  const { attendant: me } = useMe();
  const change = useChangeMe();
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    change.mutate({ name }, { onSuccess: () => toast(t("settings.saved")) });
  };
  return (
    <form onSubmit={save} className="flex items-end gap-2">
      <div className="flex-1">
        <InputField
          key={me.name}
          label={t("field.name")}
          name="name"
          defaultValue={me.name}
          maxLength={120}
          required
        />
      </div>
      <Button type="submit" busy={change.isPending}>
        {t("action.save")}
      </Button>
    </form>
  );
}

function Habits() {
  const t = useT();
  const { attendant: me } = useMe();
  const change = useChangeMe();
  const [sound, setSoundState] = useState(soundOn);
  const [shortcuts, setShortcutsState] = useState(shortcutsOn);
  return (
    <div className="flex flex-col gap-1">
      <Check
        label={t("settings.away")}
        hint={t("settings.away_hint")}
        checked={me.away}
        disabled={change.isPending}
        onChange={(event) => change.mutate({ away: event.target.checked })}
      />
      <div className="flex items-start justify-between gap-3">
        <Check
          label={t("settings.sound")}
          hint={t("settings.sound_hint")}
          checked={sound}
          onChange={(event) => {
            setSound(event.target.checked);
            setSoundState(event.target.checked);
          }}
        />
        <Button size="sm" onClick={playSound}>
          {t("settings.test_sound")}
        </Button>
      </div>
      <Check
        label={t("settings.shortcuts")}
        hint={t("settings.shortcuts_hint")}
        checked={shortcuts}
        onChange={(event) => {
          setShortcuts(event.target.checked);
          setShortcutsState(event.target.checked);
        }}
      />
    </div>
  );
}

function ThemeChoice() {
  const t = useT();
  const [theme, setTheme] = useState(storedTheme);
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-[0.8125rem] text-ink-2">{t("settings.theme")}</legend>
      <div className="flex flex-wrap gap-1">
        {THEMES.map((one) => (
          <label
            key={one}
            className={cx(
              "flex h-8 cursor-pointer items-center rounded-lg px-3 text-[0.8125rem] has-focus-visible:outline-2 has-focus-visible:outline-focus pointer-coarse:h-11",
              one === theme ? "bg-selected font-medium text-accent-ink" : "text-ink-2 hover:bg-hover",
            )}
          >
            <input
              type="radio"
              name="theme"
              value={one}
              checked={one === theme}
              onChange={() => {
                chooseTheme(one);
                setTheme(one);
              }}
              className="sr-only"
            />
            {t(`theme.${one}`)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
