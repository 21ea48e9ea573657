// What linking a number by an unofficial way risks: said once to each person who links one, before the code.
import { TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";

const stored = (person: string, session: string) => `helpdesk.risk.${person}.${session}`;

export function acceptRisk(person: string, session: string): void {
  localStorage.setItem(stored(person, session), "accepted");
}

export function RiskText() {
  const t = useT();
  return (
    <>
      <p className="flex items-center gap-2 font-semibold">
        <TriangleAlert aria-hidden className="size-4 shrink-0" />
        {t("risk.title")}
      </p>
      <p className="mt-1">{t("risk.about")}</p>
    </>
  );
}

/** Shows its children to those who were told. */
export function AfterWarning({ session, children }: { session: string; children: ReactNode }) {
  const t = useT();
  const { attendant: me } = useMe();
  const [accepted, setAccepted] = useState(() => localStorage.getItem(stored(me.id, session)) !== null);
  if (accepted) return children;
  const accept = () => {
    acceptRisk(me.id, session);
    setAccepted(true);
  };
  return (
    <div className="flex flex-col items-start gap-3 border-line border-t bg-warn-soft p-5 text-warn-ink">
      <div>
        <RiskText />
      </div>
      <Button onClick={accept}>{t("risk.show")}</Button>
    </div>
  );
}
