import { useNavigate } from "@tanstack/react-router";
import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { useT } from "@/lib/i18n";
import { useKeys } from "@/lib/keys";

const PAUSE = 250;

export function SearchBox({ q }: { q: string }) {
  const t = useT();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(q);
  const asked = useRef(q);
  useKeys({ "/": () => input.current?.focus() });

  useEffect(() => {
    // The address changed by other means: a tab, the back button.
    if (q !== asked.current) {
      asked.current = q;
      setText(q);
    }
  }, [q]);

  useEffect(() => {
    if (text === asked.current) return;
    const timer = setTimeout(() => {
      asked.current = text;
      void navigate({ to: ".", search: (old) => ({ ...old, q: text || undefined }), replace: true });
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [text, navigate]);

  return (
    <search className="relative min-w-0 flex-1">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-ink-3"
      />
      <input
        ref={input}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        aria-label={t("inbox.search")}
        placeholder={t("inbox.search_hint")}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          setText("");
          event.currentTarget.blur();
        }}
        className="h-9 w-full min-w-0 rounded-lg border border-transparent bg-sunken pr-8 pl-8.5 text-sm focus:border-line-strong focus:bg-surface pointer-coarse:h-11 pointer-coarse:text-base"
      />
      {text && (
        <IconButton
          label={t("inbox.search_clear")}
          onClick={() => setText("")}
          className="absolute top-1/2 right-0.5 -translate-y-1/2"
        >
          <X />
        </IconButton>
      )}
    </search>
  );
}
