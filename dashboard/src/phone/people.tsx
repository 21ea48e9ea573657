import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Avatar } from "@/components/ui/avatar";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { InputField } from "@/components/ui/field";
import { prettyPhone } from "@/lib/phone";
import { type Person, simulator } from "./api";
import { usePhoneTexts } from "./texts";

const NAMES = ["Marina Souza", "João Pereira", "Lúcia Alves", "Rafael Lima", "Beatriz Rocha", "Caio Martins"];

interface PeopleProps {
  people: Person[];
  chosen: string | null;
  onChoose: (phone: string) => void;
}

export function People({ people, chosen, onChoose }: PeopleProps) {
  const t = usePhoneTexts();
  const [adding, setAdding] = useState(false);
  return (
    <section
      aria-label={t("phone.people")}
      className="flex shrink-0 flex-col border-line bg-surface max-lg:border-b lg:w-64 lg:border-r"
    >
      <ul className="flex min-h-0 gap-1 overflow-auto p-2 lg:flex-1 lg:flex-col">
        {people.map((person) => (
          <li key={person.phone} className="shrink-0">
            <button
              type="button"
              aria-current={person.phone === chosen ? "true" : undefined}
              onClick={() => onChoose(person.phone)}
              className={cx(
                "flex w-full items-center gap-2.5 rounded-xl px-2 py-1.5 text-left",
                person.phone === chosen ? "bg-selected" : "hover:bg-hover",
              )}
            >
              <Avatar name={person.name || person.phone} seed={person.phone} size="sm" />
              <span className="min-w-0 lg:flex-1">
                <span className="block max-w-32 truncate font-medium">
                  {person.name || prettyPhone(person.phone)}
                </span>
                <span className="block truncate text-ink-3 text-xs max-lg:hidden">
                  {prettyPhone(person.phone)}
                </span>
              </span>
              {person.unread > 0 && (
                <span className="min-w-5 rounded-full bg-accent px-1.5 text-center font-semibold text-2xs text-on-accent leading-5">
                  {person.unread}
                </span>
              )}
            </button>
          </li>
        ))}
        <li className="shrink-0">
          <Button
            look="ghost"
            className="lg:w-full"
            onClick={() => setAdding(!adding)}
            aria-expanded={adding}
          >
            <Plus aria-hidden className="size-4" />
            {t("phone.add")}
          </Button>
        </li>
      </ul>
      {adding && (
        <AddForm
          people={people}
          onAdded={(phone) => {
            setAdding(false);
            onChoose(phone);
          }}
        />
      )}
    </section>
  );
}

/** A number that nobody here has yet. */
function freeNumber(people: Person[]): string {
  for (let index = people.length + 1; ; index += 1) {
    const phone = `55119${String(90_000_000 + index * 1_111).padStart(8, "0")}`;
    if (!people.some((one) => one.phone === `+${phone}`)) return phone;
  }
}

function AddForm({ people, onAdded }: { people: Person[]; onAdded: (phone: string) => void }) {
  const t = usePhoneTexts();
  const cache = useQueryClient();
  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const phone = String(form.get("phone")).replace(/\D/g, "");
    const added = await simulator.put(phone, { name: String(form.get("name")).trim() });
    await cache.invalidateQueries({ queryKey: ["people"] });
    onAdded(added.phone);
  };
  return (
    <form onSubmit={add} className="flex flex-col gap-3 border-line border-t p-3">
      <InputField
        label={t("phone.add_name")}
        name="name"
        defaultValue={NAMES[people.length % NAMES.length]}
        required
        autoFocus
      />
      <InputField
        label={t("phone.add_number")}
        name="phone"
        inputMode="tel"
        defaultValue={freeNumber(people)}
        pattern="\+?[0-9 ]{8,20}"
        required
      />
      <Button type="submit" look="primary">
        {t("phone.add")}
      </Button>
    </form>
  );
}
