// A person's card for the client: one of our clients, or whoever the attendant names.
import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useRef, useState } from "react";
import { Avatar } from "@/components/ui/avatar";
import { Button, IconButton } from "@/components/ui/button";
import { FormDialog } from "@/components/ui/dialog";
import { InputField } from "@/components/ui/field";
import type { Attendance, Client, ContactCard } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { clientName, e164, isPhone, prettyPhone } from "@/lib/phone";
import { queries } from "@/lib/queries";

interface ContactProps {
  row: Attendance;
  onSend: (card: ContactCard) => void;
  onClose: () => void;
}

/** Of a name, and numbers on one card, as the API takes them. */
const LINE = 300;
const NUMBERS = 20;

interface Numbered {
  id: number;
  phone: string;
}

export default function ContactDialog({ row, onSend, onClose }: ContactProps) {
  const t = useT();
  const serial = useRef(0);
  const fresh = (phone: string): Numbered => {
    serial.current += 1;
    return { id: serial.current, phone };
  };
  const [name, setName] = useState("");
  const [numbers, setNumbers] = useState<Numbered[]>(() => [fresh("")]);
  const [judged, setJudged] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  const take = (client: Client) => {
    const phones = client.identities.filter((one) => one.kind === "phone").map((one) => one.value);
    setName(clientName(client));
    setNumbers(phones.map((phone) => fresh(prettyPhone(phone))));
  };
  const given = numbers.filter(({ phone }) => phone.trim() !== "");
  const problem = ({ phone }: Numbered) => {
    if (!judged) return undefined;
    if (phone.trim() === "") return given.length === 0 ? t("contact.no_phone") : undefined;
    return isPhone(phone) ? undefined : t("contact.phone_wrong");
  };
  const unnamed = judged && name.trim() === "" ? t("contact.no_name") : undefined;
  const showFirstProblem = () => {
    const field = form.current?.querySelector<HTMLElement>("[aria-invalid]");
    field?.focus();
    // What is wrong stands below it.
    field?.scrollIntoView({ block: "center" });
  };
  const send = () => {
    setJudged(true);
    const sound = given.length > 0 && given.every(({ phone }) => isPhone(phone));
    if (name.trim() && sound) onSend({ name: name.trim(), phones: given.map(({ phone }) => e164(phone)) });
    else requestAnimationFrame(showFirstProblem);
  };
  return (
    <FormDialog title={t("contact.title")} submit={t("action.send")} onSubmit={send} onClose={onClose}>
      <Clients except={row.client.id} onTake={take} />
      <div ref={form} className="flex flex-col gap-4">
        <InputField
          label={t("field.name")}
          error={unnamed}
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={LINE}
          autoComplete="off"
        />
        {numbers.map((one, index) => (
          <div key={one.id} className="flex items-start gap-1">
            <div className="min-w-0 flex-1">
              <InputField
                label={index === 0 ? t("field.phone") : t("contact.phone", { number: index + 1 })}
                hint={index === 0 ? t("contact.phone_hint") : undefined}
                error={problem(one)}
                type="tel"
                inputMode="tel"
                value={one.phone}
                onChange={({ target: { value: phone } }) =>
                  setNumbers(numbers.map((it) => (it === one ? { ...it, phone } : it)))
                }
                autoComplete="off"
              />
            </div>
            {index > 0 && (
              <IconButton
                label={t("contact.remove_phone", { number: index + 1 })}
                className="mt-[1.625rem]"
                onClick={() => setNumbers(numbers.filter((it) => it !== one))}
              >
                <X />
              </IconButton>
            )}
          </div>
        ))}
        {numbers.length < NUMBERS && (
          <Button
            look="ghost"
            size="sm"
            className="self-start"
            onClick={() => setNumbers([...numbers, fresh("")])}
          >
            <Plus aria-hidden className="size-4" />
            {t("contact.add_phone")}
          </Button>
        )}
      </div>
    </FormDialog>
  );
}

/** Our clients, of whom one fills the form; who has no number has no card. */
function Clients({ except, onTake }: { except: string; onTake: (client: Client) => void }) {
  const t = useT();
  const [q, setQ] = useState("");
  const found = useQuery(queries.searchClients(q.trim())).data?.items;
  const shown = q.trim() ? (found ?? []).filter((one) => one.phone && one.id !== except) : [];
  const take = (client: Client) => {
    setQ("");
    onTake(client);
  };
  return (
    <div className="flex flex-col gap-1">
      <InputField
        label={t("contact.search")}
        hint={t("contact.search_hint")}
        type="search"
        value={q}
        onChange={(event) => setQ(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          // Not yet a card to be sent.
          event.preventDefault();
          if (shown[0]) take(shown[0]);
        }}
        autoComplete="off"
        autoFocus
      />
      {found && q.trim() && shown.length === 0 && (
        <p role="status" className="px-2.5 text-ink-3 text-xs">
          {t("contact.nobody")}
        </p>
      )}
      {shown.length > 0 && (
        <ul aria-label={t("contact.found")} className="flex max-h-44 flex-col gap-0.5 overflow-y-auto">
          {shown.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                onClick={() => take(one)}
                className="flex w-full items-center gap-3 rounded-lg px-2.5 py-1.5 text-left hover:bg-hover"
              >
                <Avatar name={clientName(one)} seed={one.id} size="sm" />
                <span className="min-w-0 flex-1 truncate">{clientName(one)}</span>
                <span className="shrink-0 text-ink-3 text-xs">{prettyPhone(one.phone)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
