import { ChevronRight } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { Letter } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { fullTime } from "@/lib/i18n/time";
import { Card } from "../shell/page";
import { errorOf, kindOf } from "./words";

interface LetterListProps {
  letters: Letter[];
  onOpen: (letter: Letter) => void;
}

export function LetterList({ letters, onOpen }: LetterListProps) {
  const t = useT();
  return (
    <Card className="overflow-hidden">
      <ul aria-label={t("letter.title")} className="divide-y divide-line">
        {letters.map((one) => (
          <li key={one.id} data-letter={one.id}>
            <button
              type="button"
              className="flex w-full items-center gap-3 px-4 py-3 text-left transition-colors hover:bg-hover focus-visible:outline-offset-[-2px]"
              onClick={() => onOpen(one)}
            >
              <Summary letter={one} />
              <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3" />
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Summary({ letter }: { letter: Letter }) {
  const t = useT();
  return (
    <span className="flex min-w-0 flex-1 flex-col gap-0.5">
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium">{kindOf(letter.type)}</span>
        <Badge tone={letter.reason === "refused" ? "warn" : "danger"}>
          {t(`letter.reason.${letter.reason}`)}
        </Badge>
      </span>
      <span className="text-ink-2 [overflow-wrap:anywhere]">{errorOf(letter)}</span>
      <span className="text-ink-2 text-xs [overflow-wrap:anywhere]">
        <code>{letter.queue}</code> · {t("letter.attempts", { count: letter.attempts })} ·{" "}
        <Times letter={letter} />
      </span>
    </span>
  );
}

function Times({ letter }: { letter: Letter }) {
  const t = useT();
  const [first, last] = [fullTime(letter.first_at), fullTime(letter.last_at)];
  return first === last ? last : t("letter.between", { first, last });
}
