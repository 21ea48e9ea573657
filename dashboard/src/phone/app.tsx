// The people on the other side of the helpdesk, played in a browser.
import { useQuery } from "@tanstack/react-query";
import { FlaskConical, SlidersHorizontal, Smartphone } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { ApiError } from "@/lib/api/http";
import { simulator } from "./api";
import { Controls } from "./controls";
import { People } from "./people";
import { Screen } from "./screen";
import { usePhoneTexts } from "./texts";

const LAST = "helpdesk.phone";
const PEOPLE_EVERY = 3_000;

export function App() {
  const t = usePhoneTexts();
  const [phone, setPhone] = useState<string | null>(() => localStorage.getItem(LAST));
  const [controls, setControls] = useState(() => matchMedia("(min-width: 64rem)").matches);
  const people = useQuery({ queryKey: ["people"], queryFn: simulator.people, refetchInterval: PEOPLE_EVERY });
  const list = people.data?.items ?? [];
  const person = list.find((one) => one.phone === phone) ?? list[0] ?? null;
  const title = t("phone.title");
  useEffect(() => {
    document.title = title;
  }, [title]);
  const choose = (next: string) => {
    localStorage.setItem(LAST, next);
    setPhone(next);
  };
  const status = people.error instanceof ApiError ? people.error.status : null;
  return (
    <div className="flex h-dvh flex-col overflow-hidden">
      <div
        role="status"
        className="flex shrink-0 items-center gap-2 bg-warn-soft px-3 py-2 text-[0.8125rem] text-warn-ink"
      >
        <FlaskConical aria-hidden className="size-4 shrink-0" />
        <span className="flex-1">{t("phone.banner")}</span>
        <IconButton
          label={t("phone.show_controls")}
          pressed={controls}
          onClick={() => setControls(!controls)}
        >
          <SlidersHorizontal />
        </IconButton>
      </div>
      {status === 401 || status === 403 || status === 404 ? (
        <Closed text={t(status === 404 ? "phone.absent" : "phone.forbidden")} />
      ) : (
        <main className="relative flex min-h-0 flex-1 flex-col lg:flex-row">
          <People people={list} chosen={person?.phone ?? null} onChoose={choose} />
          {person ? (
            <Screen key={person.phone} person={person} />
          ) : (
            <Closed text={people.isPending ? "" : t("phone.none")} />
          )}
          {controls && <Controls person={person} />}
        </main>
      )}
    </div>
  );
}

function Closed({ text }: { text: string }) {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-3 p-8 text-center text-ink-3">
      <Smartphone aria-hidden className="size-8" />
      <p className="max-w-xs">{text}</p>
    </div>
  );
}
