// Recording a voice note in the composer's place: level, time, pause, listen, send, Esc to cancel.
import { CircleAlert, Mic, Pause, Play, SendHorizontal, Square, Trash2 } from "lucide-react";
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Spinner } from "@/components/ui/states";
import { type Key, useT } from "@/lib/i18n";
import { prettyDuration } from "@/lib/media";
import { Waveform } from "./audio";
import { Recording, supported, type Trouble, troubleOf } from "./recording";

const BARS = 48;
const LONGEST = 15 * 60;

type State = "asking" | "recording" | "paused" | "ready" | "trouble";

interface RecorderProps {
  onSend: (file: File) => void;
  onClose: () => void;
}

export default function Recorder({ onSend, onClose }: RecorderProps) {
  const t = useT();
  const root = useRef<HTMLDivElement>(null);
  const it = useRecording();
  const { state, seconds } = it;
  useEffect(() => root.current?.focus(), []);
  const cancel = () => {
    it.drop();
    onClose();
  };
  const send = async () => {
    const file = await it.finish();
    if (file) onSend(file);
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      cancel();
    } else if (event.key === "Enter" && event.target === root.current) {
      event.preventDefault();
      void send();
    }
  };
  const live = state === "recording" || state === "paused";
  return (
    <section
      ref={root}
      aria-label={t("record.title")}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      data-recorder={state}
      className="flex flex-wrap items-center gap-2 rounded-2xl border border-line-strong bg-surface px-2 py-2 outline-none focus-visible:border-accent"
    >
      {state === "trouble" && it.trouble ? (
        <Help trouble={it.trouble} onClose={onClose} />
      ) : (
        <>
          <IconButton label={t("record.cancel")} shortcut="Esc" onClick={cancel}>
            <Trash2 />
          </IconButton>
          <Light state={state} />
          <span role="timer" aria-label={t("record.length")} className="w-11 text-center tabular-nums">
            {prettyDuration(seconds)}
          </span>
          <div className="h-8 min-w-24 flex-1">
            {state === "asking" ? (
              <p role="status" className="flex h-8 items-center gap-2 text-ink-2 text-[0.8125rem]">
                <Spinner />
                {t("record.asking")}
              </p>
            ) : (
              <Waveform peaks={it.levels} played={state === "ready" ? it.listened : 1} data-levels="" />
            )}
          </div>
          {live && (
            <IconButton
              label={t(state === "paused" ? "record.resume" : "record.pause")}
              onClick={it.togglePause}
            >
              {state === "paused" ? <Mic /> : <Pause />}
            </IconButton>
          )}
          {live && (
            <IconButton label={t("record.stop")} onClick={() => void it.stop()}>
              <Square />
            </IconButton>
          )}
          {state === "ready" && (
            <IconButton label={t(it.listening ? "media.pause" : "record.listen")} onClick={it.listen}>
              {it.listening ? <Pause /> : <Play />}
            </IconButton>
          )}
          <Button
            look="primary"
            size="sm"
            disabled={state === "asking" || seconds < 0.5}
            onClick={() => void send()}
            aria-label={t("record.send")}
          >
            <SendHorizontal aria-hidden className="size-4" />
            <span className="max-sm:hidden">{t("action.send")}</span>
          </Button>
        </>
      )}
    </section>
  );
}

function Light({ state }: { state: State }) {
  return (
    <span
      aria-hidden
      className={`size-2.5 shrink-0 rounded-full ${state === "recording" ? "animate-pulse bg-danger" : "bg-ink/25"}`}
    />
  );
}

function Help({ trouble, onClose }: { trouble: Trouble; onClose: () => void }) {
  const t = useT();
  return (
    <div role="alert" className="flex min-w-0 flex-1 items-start gap-2.5 px-1 py-1">
      <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-danger-ink" />
      <div className="min-w-0 flex-1">
        <p className="font-medium text-ink">{t(`record.trouble.${trouble}` as Key)}</p>
        <p className="text-[0.8125rem] text-ink-2">{t(`record.help.${trouble}` as Key)}</p>
      </div>
      <Button size="sm" onClick={onClose}>
        {t("action.dismiss")}
      </Button>
    </div>
  );
}

function useRecording() {
  const [state, setState] = useState<State>("asking");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [levels, setLevels] = useState<number[]>(() => new Array(BARS).fill(0));
  const [seconds, setSeconds] = useState(0);
  const recording = useRef<Recording | null>(null);
  const all = useRef<number[]>([]);
  const file = useRef<File | null>(null);
  const playback = usePlayback(file, seconds);

  const stop = useCallback(async (): Promise<File | null> => {
    const running = recording.current;
    if (!running) return file.current;
    recording.current = null;
    file.current = await running.finish();
    setLevels(squeeze(all.current, BARS));
    setState("ready");
    return file.current;
  }, []);

  useEffect(() => {
    let gone = false;
    const level = (value: number, now: number) => {
      all.current.push(value);
      setLevels((before) => [...before.slice(1), value]);
      setSeconds(now);
      if (now >= LONGEST) void stop();
    };
    const fail = (what: Trouble) => {
      setTrouble(what);
      setState("trouble");
    };
    if (!supported()) fail("unsupported");
    else {
      Recording.start({ level }).then(
        (started) => {
          if (gone) return started.drop();
          recording.current = started;
          setState("recording");
        },
        (error) => !gone && fail(troubleOf(error)),
      );
    }
    return () => {
      gone = true;
      recording.current?.drop();
      recording.current = null;
    };
  }, [stop]);

  const togglePause = () => {
    if (state === "paused") recording.current?.resume();
    else recording.current?.pause();
    setState(state === "paused" ? "recording" : "paused");
  };
  const drop = () => {
    recording.current?.drop();
    recording.current = null;
  };
  return { state, trouble, levels, seconds, togglePause, stop, drop, finish: stop, ...playback };
}

/** Listening to it before it is sent. */
function usePlayback(file: { current: File | null }, seconds: number) {
  const [listening, setListening] = useState(false);
  const [listened, setListened] = useState(1);
  const element = useRef<HTMLAudioElement | null>(null);
  useEffect(
    () => () => {
      element.current?.pause();
      if (element.current) URL.revokeObjectURL(element.current.src);
    },
    [],
  );
  const listen = () => {
    if (!file.current) return;
    if (!element.current) {
      const audio = new Audio(URL.createObjectURL(file.current));
      audio.addEventListener("timeupdate", () => setListened(seconds ? audio.currentTime / seconds : 0));
      audio.addEventListener("play", () => setListening(true));
      audio.addEventListener("pause", () => setListening(false));
      audio.addEventListener("ended", () => setListened(1));
      element.current = audio;
    }
    if (listening) element.current.pause();
    // Pausing at once interrupts it, which is no trouble.
    else element.current.play().catch(() => {});
  };
  return { listen, listening, listened };
}

/** The loudest of each of `count` slices. */
function squeeze(levels: number[], count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * levels.length) / count);
    const to = Math.max(from + 1, Math.floor(((index + 1) * levels.length) / count));
    return Math.max(0, ...levels.slice(from, to));
  });
}
