// One person's phone: the conversation with the helpdesk as WhatsApp shows it.
import { Mic, SendHorizontal, X } from "lucide-react";
import { type FormEvent, Suspense, useEffect, useRef, useState } from "react";
import { Avatar } from "@/components/ui/avatar";
import { Button, IconButton } from "@/components/ui/button";
import { ApiError } from "@/lib/api/http";
import { lazily } from "@/lib/lazily";
import { inWords } from "@/lib/media";
import { prettyPhone } from "@/lib/phone";
import { type Person, type PhoneMessage, simulator } from "./api";
import { autoRead, hoursAgo } from "./habits";
import { PhoneAttach } from "./phone-attach";
import { PhoneBubble } from "./phone-bubble";
import { usePhoneTexts } from "./texts";
import { useMessages } from "./use-messages";
import { useSending } from "./use-sending";

const Recorder = lazily(() => import("@/features/media/recorder"));

const TYPING_EVERY = 3_000;
const TYPING_LASTS = 4_000;

export function Screen({ person }: { person: Person }) {
  const t = usePhoneTexts();
  const { messages, typing, failing } = useMessages(person.phone);
  const [quote, setQuote] = useState<PhoneMessage | null>(null);
  const end = useRef<HTMLDivElement>(null);
  const count = messages.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message or typing moves the end
  useEffect(() => {
    end.current?.scrollIntoView({ block: "end" });
  }, [count, typing]);
  const unread = messages.some((message) => message.direction === "in" && message.delivery !== "read");
  useEffect(() => {
    if (unread && autoRead()) void simulator.read(person.phone).catch(() => {});
  }, [unread, person.phone]);
  return (
    <section
      aria-label={person.name || person.phone}
      className="flex min-h-0 min-w-0 flex-1 flex-col bg-[#ece5dd] dark:bg-[#0b1411]"
    >
      <header className="flex shrink-0 items-center gap-3 bg-[#0b5c4c] px-3 py-2 text-white">
        <Avatar name="Helpdesk" seed="h" size="sm" />
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{t("phone.helpdesk")}</p>
          <p className="h-4 truncate text-white/85 text-xs" aria-live="polite">
            {typing ? t("phone.typing") : `${person.name} · ${prettyPhone(person.phone)}`}
          </p>
        </div>
        {unread && !autoRead() && (
          <Button size="sm" className="border-0" onClick={() => void simulator.read(person.phone)}>
            {t("phone.read")}
          </Button>
        )}
      </header>
      {failing && (
        <p role="alert" className="bg-danger-soft px-3 py-1.5 text-danger-ink text-xs">
          {t("phone.retry_wait")}
        </p>
      )}
      <div role="log" aria-label={t("phone.helpdesk")} className="min-h-0 flex-1 overflow-y-auto px-3 py-4">
        {count === 0 && !failing && (
          <p className="mx-auto max-w-xs rounded-xl bg-surface/80 px-3 py-2 text-center text-ink-2">
            {t("phone.no_messages")}
          </p>
        )}
        <div className="mx-auto flex max-w-2xl flex-col gap-1.5">
          {messages.map((message) => (
            <PhoneBubble
              phone={person.phone}
              key={message.id}
              message={message}
              quoted={messages.find((one) => one.id === message.quote)}
              onQuote={() => setQuote(message)}
            />
          ))}
        </div>
        <div ref={end} />
      </div>
      <Writer person={person} quote={quote} onDone={() => setQuote(null)} />
    </section>
  );
}

interface WriterProps {
  person: Person;
  quote: PhoneMessage | null;
  onDone: () => void;
}

function Writer({ person, quote, onDone }: WriterProps) {
  const t = usePhoneTexts();
  const [text, setText] = useState("");
  const [error, setError] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const typing = useTypingSignal(person.phone);
  const [recording, setRecording] = useState(false);
  const files = useSending(person, quote, text, (problem) => {
    if (problem === "") {
      setText("");
      onDone();
    }
    setError(problem);
  });
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    setText("");
    setError("");
    typing.stop();
    try {
      const body = { text, name: person.name || undefined, quote: quote?.id, hours_ago: hoursAgo() };
      await simulator.write(person.phone, body);
      onDone();
    } catch (problem) {
      setText(text);
      setError(problem instanceof ApiError ? problem.detail : t("phone.retry_wait"));
    }
    input.current?.focus();
  };
  return (
    <form onSubmit={send} className="shrink-0 bg-surface p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]">
      {quote && (
        <div className="mb-2 flex items-center gap-2 rounded-lg border-accent border-l-[3px] bg-sunken py-1 pr-1 pl-3">
          <span className="min-w-0 flex-1 truncate text-[0.8125rem] text-ink-2">{inWords(quote)}</span>
          <IconButton label={t("phone.quote")} onClick={onDone}>
            <X />
          </IconButton>
        </div>
      )}
      {error && (
        <p role="alert" className="px-2 pb-1 text-danger-ink text-xs">
          {error}
        </p>
      )}
      {files.progress !== null && (
        <progress
          aria-label={t("phone.sending")}
          max={1}
          value={files.progress}
          className="upload-progress mb-2 block h-1.5 w-full"
        />
      )}
      {recording ? (
        <Suspense>
          <Recorder onSend={(file) => void files.send([file], "voice")} onClose={() => setRecording(false)} />
        </Suspense>
      ) : (
        <div className="flex items-center gap-2">
          <PhoneAttach
            person={person}
            onFiles={(list, kind) => void files.send(list, kind)}
            onError={setError}
          />
          <input
            ref={input}
            aria-label={t("phone.write")}
            placeholder={t("phone.write")}
            value={text}
            autoComplete="off"
            onChange={(event) => {
              setText(event.target.value);
              typing.start();
            }}
            onPaste={(event) => {
              if (event.clipboardData.files.length === 0) return;
              event.preventDefault();
              void files.send([...event.clipboardData.files]);
            }}
            className="h-11 min-w-0 flex-1 rounded-full border border-line-strong bg-surface px-4 pointer-coarse:text-base"
          />
          <IconButton label={t("phone.record")} className="size-11!" onClick={() => setRecording(true)}>
            <Mic />
          </IconButton>
          <button
            type="submit"
            aria-label={t("phone.write")}
            className="flex size-11 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent hover:bg-accent-hover"
          >
            <SendHorizontal aria-hidden className="size-5" />
          </button>
        </div>
      )}
    </form>
  );
}

function useTypingSignal(phone: string) {
  const sentAt = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const tell = (typing: boolean) => void simulator.typing(phone, typing).catch(() => {});
  const stop = () => {
    clearTimeout(timer.current);
    if (sentAt.current) tell(false);
    sentAt.current = 0;
  };
  const start = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(stop, TYPING_LASTS);
    if (Date.now() - sentAt.current < TYPING_EVERY) return;
    sentAt.current = Date.now();
    tell(true);
  };
  return { start, stop };
}
