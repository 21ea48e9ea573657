import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect } from "react";
import { Button } from "@/components/ui/button";
import { InputField } from "@/components/ui/field";
import { explain } from "@/components/ui/states";
import { api } from "@/lib/api";
import { useT } from "@/lib/i18n";
import { queryClient } from "@/lib/queries";
import { rememberSignedIn } from "@/lib/signed-in";
import { LanguageChoice } from "../settings/language-choice";
import { Logo } from "./logo";

export function SignIn() {
  const t = useT();
  const { back } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const signIn = useMutation({
    mutationFn: (form: FormData) => api.signIn(String(form.get("email")), String(form.get("password"))),
    onSuccess: () => {
      queryClient.clear();
      rememberSignedIn(true);
      return navigate({ href: back ?? "/inbox", replace: true });
    },
  });
  const title = t("app.name");
  useEffect(() => {
    document.title = title;
  }, [title]);
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    signIn.mutate(new FormData(event.currentTarget));
  };
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-6 bg-canvas px-4 py-10">
      <div className="w-full max-w-sm rounded-2xl border border-line bg-surface p-6 shadow-[0_1px_2px_rgb(0_0_0/0.04)] sm:p-8">
        <Logo className="size-10" />
        <h1 className="mt-4 font-semibold text-xl tracking-tight">{t("sign_in.title")}</h1>
        <p className="mt-1 text-ink-3">{t("sign_in.about")}</p>
        <form onSubmit={send} className="mt-6 flex flex-col gap-4">
          <InputField
            label={t("field.email")}
            name="email"
            type="email"
            autoComplete="username"
            required
            autoFocus
          />
          <InputField
            label={t("field.password")}
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
          {signIn.error && (
            <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-danger-ink">
              {explain(signIn.error)}
            </p>
          )}
          <Button type="submit" look="primary" busy={signIn.isPending} className="h-10 w-full">
            {t("action.sign_in")}
          </Button>
        </form>
      </div>
      <LanguageChoice />
    </main>
  );
}
