// What can go wrong between a phone and the helpdesk, on purpose.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ScanLine, Unplug } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Check, Field, inputClass } from "@/components/ui/field";
import { type LineChange, type LineState, type Person, simulator } from "./api";
import { autoRead, hoursAgo, setAutoRead, setLate } from "./habits";
import { usePhoneTexts } from "./texts";

const STATE_EVERY = 1_000;
const LATENCIES = [0, 500, 2_000, 10_000];

export function Controls({ person }: { person: Person | null }) {
  const t = usePhoneTexts();
  const cache = useQueryClient();
  const state = useQuery({ queryKey: ["line"], queryFn: simulator.state, refetchInterval: STATE_EVERY }).data;
  const [reading, setReading] = useState(autoRead);
  const [late, setIsLate] = useState(() => hoursAgo() > 0);
  const act = async (work: Promise<unknown>) => {
    await work.catch(() => {});
    await cache.invalidateQueries();
  };
  return (
    <aside
      aria-label={t("phone.controls")}
      className="flex shrink-0 flex-col gap-4 overflow-y-auto border-line bg-surface p-4 max-lg:max-h-[45dvh] max-lg:border-t lg:w-72 lg:border-l"
    >
      <h2 className="font-semibold">{t("phone.line")}</h2>
      {state && <Line state={state} act={act} />}
      <div className="border-line border-t pt-3">
        <Check
          label={t("phone.auto_read")}
          hint={t("phone.auto_read_hint")}
          checked={reading}
          onChange={(event) => {
            setAutoRead(event.target.checked);
            setReading(event.target.checked);
            if (event.target.checked && person) void act(simulator.read(person.phone));
          }}
        />
        <Check
          label={t("phone.late")}
          hint={t("phone.late_hint")}
          checked={late}
          onChange={(event) => {
            setLate(event.target.checked);
            setIsLate(event.target.checked);
          }}
        />
        {person && (
          <Check
            label={t("phone.online")}
            checked={person.online}
            onChange={(event) => void act(simulator.put(person.phone, { online: event.target.checked }))}
          />
        )}
      </div>
    </aside>
  );
}

interface LineProps {
  state: LineState;
  act: (work: Promise<unknown>) => Promise<void>;
}

function Line({ state, act }: LineProps) {
  const t = usePhoneTexts();
  const change = (body: LineChange) => void act(simulator.change(body));
  return (
    <div className="flex flex-col gap-3">
      <p className="flex items-center gap-2" data-line-state={state.state}>
        <span
          aria-hidden
          className={`size-2.5 rounded-full ${state.state === "connected" ? "bg-[#1f9d6b]" : "bg-[#d99a1c]"}`}
        />
        <code className="font-mono text-[0.8125rem]">{state.state}</code>
      </p>
      {state.state === "qr" && (
        <>
          <p className="text-ink-3 text-xs">{t("phone.qr_waiting")}</p>
          <Button look="primary" onClick={() => void act(simulator.scan())}>
            <ScanLine aria-hidden className="size-4" />
            {t("phone.scan")}
          </Button>
        </>
      )}
      {state.state !== "qr" && (
        <Button onClick={() => void act(simulator.unlink())}>
          <Unplug aria-hidden className="size-4" />
          {t("phone.unlink")}
        </Button>
      )}
      <Check
        label={t("phone.network")}
        checked={state.network}
        onChange={(event) => change({ network: event.target.checked })}
      />
      <Check
        label={t("phone.banned")}
        checked={state.banned}
        onChange={(event) => change({ banned: event.target.checked })}
      />
      <Field label={t("phone.latency")}>
        {(ids) => (
          <select
            {...ids}
            value={state.latency_ms}
            onChange={(event) => change({ latency_ms: Number(event.target.value) })}
            className={`${inputClass} h-9`}
          >
            {[...new Set([...LATENCIES, state.latency_ms])]
              .sort((a, b) => a - b)
              .map((one) => (
                <option key={one}>{one}</option>
              ))}
          </select>
        )}
      </Field>
      <Count
        label={t("phone.fail_next")}
        value={state.fail_next}
        onChange={(fail_next) => change({ fail_next })}
      />
      <Count
        label={t("phone.duplicate_next")}
        value={state.duplicate_next}
        onChange={(duplicate_next) => change({ duplicate_next })}
      />
      <Count
        label={t("phone.reorder_next")}
        value={state.reorder_next}
        onChange={(reorder_next) => change({ reorder_next })}
      />
      <Count
        label={t("phone.fail_media")}
        value={state.fail_media}
        onChange={(fail_media) => change({ fail_media })}
      />
      <Check
        label={t("phone.media_gone")}
        checked={state.media_gone}
        onChange={(event) => change({ media_gone: event.target.checked })}
      />
    </div>
  );
}

function Count({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (value: number) => void;
}) {
  return (
    <div className="flex items-center justify-between gap-2">
      <span className="text-[0.8125rem] text-ink-2">{label}</span>
      <span className="flex items-center gap-1">
        <Button
          size="sm"
          aria-label={`${label}: ${Math.max(0, value - 1)}`}
          disabled={value === 0}
          onClick={() => onChange(value - 1)}
        >
          −
        </Button>
        <span data-count={label} className="w-6 text-center tabular-nums">
          {value}
        </span>
        <Button size="sm" aria-label={`${label}: ${value + 1}`} onClick={() => onChange(value + 1)}>
          +
        </Button>
      </span>
    </div>
  );
}
