// Where replies and notes are written. The draft belongs to the attendance and survives everything.
import { SendHorizontal, X } from "lucide-react";
import { type KeyboardEvent, type RefObject, Suspense, useLayoutEffect, useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { useAbilities } from "@/lib/abilities";
import type { Attendance } from "@/lib/api/types";
import { useDesk, useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { useKeys } from "@/lib/keys";
import { lazily } from "@/lib/lazily";
import { inWords } from "@/lib/media";
import { useAttachments } from "@/lib/outbox/attachments";
import { clearDraft, type Draft, setDraft, useDraft } from "@/lib/outbox/drafts";
import { RecordButton } from "../media/record-button";
import { sendAttachments, sendVoice } from "../media/sending";
import { useFiles } from "../media/use-files";
import { Attach } from "./attach";
import { ClosedBar, HeldBar } from "./locked";
import { useTypingSignal } from "./use-typing-signal";
import { useWindowClosed } from "./use-window";
import { TemplateButton, WindowClosed, WindowLeft } from "./window";

const Tray = lazily(() => import("../media/tray"));
const Recorder = lazily(() => import("../media/recorder"));
const TemplateDialog = lazily(() => import("../template/template-dialog"));

interface ComposerProps {
  row: Attendance;
  input: RefObject<HTMLTextAreaElement | null>;
}

export function Composer({ row, input }: ComposerProps) {
  const { attendant: me } = useMe();
  const draft = useDraft(row.id);
  const held = row.attendant !== null && row.attendant.id !== me.id;
  // Somebody else answers: what is left is to leave a note.
  const mode = held ? "note" : draft.mode;
  const focus = (next: Draft["mode"]) => {
    if (!held) setDraft(row.id, { mode: next });
    input.current?.focus();
  };
  useKeys({ r: () => focus("reply"), n: () => focus("note") });
  if (row.status === "closed") return <ClosedBar row={row} />;
  return (
    <div className="shrink-0 px-2 pb-[max(0.5rem,env(safe-area-inset-bottom))] sm:px-4 sm:pb-4">
      {held && <HeldBar row={row} />}
      <Editor row={row} input={input} draft={draft} mode={mode} locked={held} />
    </div>
  );
}

interface EditorProps extends ComposerProps {
  draft: Draft;
  mode: Draft["mode"];
  locked: boolean;
}

function Editor({ row, input, draft, mode, locked }: EditorProps) {
  const t = useT();
  const { outbox, uploads } = useDesk();
  const { limits } = useMe();
  const abilities = useAbilities(row.session.id);
  const typing = useTypingSignal(row.id, abilities);
  const attachments = useAttachments(row.id);
  const closed = useWindowClosed(row.window_closes_at);
  const files = useFiles(row, locked || closed);
  const [choosing, setChoosing] = useState(false);
  const [recording, setRecording] = useState(false);
  useGrowing(input, draft.text);
  // The limit counts characters, not UTF-16 units.
  const left = limits.text - [...draft.text].length;
  const note = mode === "note";
  const barred = closed && !note;
  const sendable = !note && attachments.some((one) => one.problem === null);
  const ready = (draft.text.trim() !== "" || sendable) && left >= 0 && !barred;
  const send = () => {
    if (!ready) return;
    const rest = note ? draft.text : sendAttachments(uploads, row.id, draft);
    if (rest.trim() !== "") {
      outbox.add({
        attendance_id: row.id,
        kind: mode,
        text: rest,
        quote: mode === "reply" ? draft.quote : null,
      });
    }
    clearDraft(row.id);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends a composition (accents, Japanese) is not ours.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") {
      if (draft.quote) setDraft(row.id, { quote: null });
      else input.current?.blur();
    }
  };
  if (recording) {
    const done = () => {
      setRecording(false);
      requestAnimationFrame(() => input.current?.focus());
    };
    return (
      <Suspense>
        <Recorder onSend={(file) => sendVoice(uploads, row.id, file, draft)} onClose={done} />
      </Suspense>
    );
  }
  return (
    <div
      className={cx(
        "rounded-2xl border transition-colors focus-within:border-accent",
        note ? "border-line-strong bg-bubble-note" : "border-line-strong bg-surface",
      )}
    >
      {draft.quote && !note && !barred && <QuotePreview row={row} draft={draft} />}
      {attachments.length > 0 && !note && !barred && (
        <Suspense>
          <Tray attendanceId={row.id} attachments={attachments} onSend={send} />
        </Suspense>
      )}
      {barred && <WindowClosed templates={abilities.templates === true} onChoose={() => setChoosing(true)} />}
      {choosing && (
        <Suspense>
          <TemplateDialog row={row} onClose={() => setChoosing(false)} />
        </Suspense>
      )}
      <textarea
        ref={input}
        rows={1}
        dir="auto"
        value={draft.text}
        aria-label={t(note ? "composer.note" : "composer.reply")}
        placeholder={t(
          note
            ? "composer.note_hint"
            : row.status === "waiting"
              ? "composer.takes_hint"
              : "composer.reply_hint",
        )}
        onChange={(event) => {
          setDraft(row.id, { text: event.target.value });
          if (!note) typing();
        }}
        onKeyDown={onKeyDown}
        onPaste={files.onPaste}
        className={cx(
          "max-h-48 min-h-11 w-full min-w-0 resize-none bg-transparent px-3.5 pt-2.5 pb-1 text-ink outline-none placeholder:text-ink-3 pointer-coarse:text-base",
          barred ? "hidden" : "block",
        )}
      />
      <div className="flex items-center gap-1 px-2 pb-2">
        <ModeSwitch mode={mode} locked={locked} onChange={(next) => setDraft(row.id, { mode: next })} />
        {!note && !barred && (
          <Attach
            row={row}
            abilities={abilities}
            files={files}
            onTemplate={() => setChoosing(true)}
            onSent={() => input.current?.focus()}
          />
        )}
        {abilities.templates && !note && !barred && (
          <TemplateButton
            className={abilities.location || abilities.contacts ? "max-sm:hidden" : undefined}
            onClick={() => setChoosing(true)}
          />
        )}
        <span className="flex-1" />
        {row.window_closes_at && !closed && !note && <WindowLeft closesAt={row.window_closes_at} />}
        {left < 200 && !barred && (
          <span
            role="status"
            className={cx("px-1 text-xs tabular-nums", left < 0 ? "text-danger-ink" : "text-ink-3")}
          >
            {t("composer.left", { count: left })}
          </span>
        )}
        {files.open && !note && <RecordButton onClick={() => setRecording(true)} />}
        <Button
          look="primary"
          size="sm"
          disabled={!ready}
          onClick={send}
          aria-label={t(note ? "composer.add_note" : "action.send")}
        >
          <SendHorizontal aria-hidden className="size-4" />
          <span className="max-sm:hidden">{t(note ? "composer.add_note" : "action.send")}</span>
        </Button>
      </div>
    </div>
  );
}

interface SwitchProps {
  mode: Draft["mode"];
  locked: boolean;
  onChange: (mode: Draft["mode"]) => void;
}

function ModeSwitch({ mode, locked, onChange }: SwitchProps) {
  const t = useT();
  return (
    <fieldset className="flex gap-0.5 rounded-lg bg-ink/5 p-0.5">
      <legend className="sr-only">{t("composer.mode")}</legend>
      {(["reply", "note"] as const).map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={mode === one}
          disabled={locked && one === "reply"}
          onClick={() => onChange(one)}
          className={cx(
            "h-7 rounded-md px-2.5 text-xs transition-colors disabled:opacity-45 pointer-coarse:h-9",
            mode === one
              ? "bg-raised font-medium text-ink shadow-[0_1px_2px_rgb(0_0_0/0.12)]"
              : "text-ink-2 hover:text-ink",
          )}
        >
          {t(one === "reply" ? "composer.mode_reply" : "composer.mode_note")}
        </button>
      ))}
    </fieldset>
  );
}

function QuotePreview({ row, draft }: { row: Attendance; draft: Draft }) {
  const t = useT();
  return (
    <div className="mx-2 mt-2 flex items-start gap-2 rounded-lg border-accent border-l-[3px] bg-ink/5 py-1.5 pr-1 pl-2.5">
      <span className="line-clamp-2 min-w-0 flex-1 text-[0.8125rem] text-ink-2 [overflow-wrap:anywhere]">
        {draft.quote && inWords(draft.quote)}
      </span>
      <IconButton
        label={t("composer.remove_quote")}
        className="size-6!"
        onClick={() => setDraft(row.id, { quote: null })}
      >
        <X />
      </IconButton>
    </div>
  );
}

/** Grows with the text up to its max-height. */
function useGrowing(input: RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again with every text
  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [input, text]);
}
