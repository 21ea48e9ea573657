// A place and a person. No map is loaded: where a client is, is nobody else's business.
import { Building2, ExternalLink, Mail, MapPin, Phone } from "lucide-react";
import { Avatar } from "@/components/ui/avatar";
import type { ContactCard, Location } from "@/lib/api/types";
import { language, useT } from "@/lib/i18n";
import { prettyPhone } from "@/lib/phone";

const card = "flex w-72 max-w-full flex-col gap-2 rounded-xl bg-ink/5 p-3";
const link =
  "inline-flex min-w-0 items-center gap-1.5 rounded font-medium text-accent-ink text-[0.8125rem] underline-offset-2 hover:underline pointer-coarse:py-1.5";

export function Place({ location }: { location: Location }) {
  const t = useT();
  const { latitude, longitude, name, address } = location;
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
  return (
    <div data-location={`${latitude},${longitude}`} className={card}>
      <div className="flex items-start gap-3">
        <span className="flex size-10 shrink-0 items-center justify-center rounded-full bg-accent-soft text-accent-ink">
          <MapPin aria-hidden className="size-5" />
        </span>
        <div className="min-w-0">
          <p className="font-medium [overflow-wrap:anywhere]">
            <bdi>{name || t("kind.location")}</bdi>
          </p>
          {address && (
            <p className="text-[0.8125rem] text-ink-2 [overflow-wrap:anywhere]">
              <bdi>{address}</bdi>
            </p>
          )}
          <p className="text-ink-2 text-xs tabular-nums">{degrees(latitude, longitude)}</p>
        </div>
      </div>
      <a href={map} target="_blank" rel="noopener noreferrer" className={link}>
        <ExternalLink aria-hidden className="size-3.5 shrink-0" />
        {t("media.open_map")}
      </a>
    </div>
  );
}

function degrees(latitude: number, longitude: number): string {
  const format = new Intl.NumberFormat(language(), { minimumFractionDigits: 5, maximumFractionDigits: 5 });
  const one = (value: number, [plus, minus]: string) =>
    `${format.format(Math.abs(value))}° ${value < 0 ? minus : plus}`;
  return `${one(latitude, "NS")}, ${one(longitude, "EW")}`;
}

export function Contacts({ contacts }: { contacts: ContactCard[] }) {
  return (
    <ul className="flex flex-col gap-1.5">
      {contacts.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cards have no id and never move
        <li key={index} data-contact={one.name} className={card}>
          <Person contact={one} />
        </li>
      ))}
    </ul>
  );
}

function Person({ contact: { name, phones = [], emails = [], organization } }: { contact: ContactCard }) {
  return (
    <>
      <div className="flex items-center gap-3">
        <Avatar name={name} seed={name} />
        <p className="min-w-0 font-medium [overflow-wrap:anywhere]">
          <bdi>{name}</bdi>
        </p>
      </div>
      {organization && (
        <p className="flex items-center gap-1.5 text-[0.8125rem] text-ink-2">
          <Building2 aria-hidden className="size-3.5 shrink-0" />
          <bdi className="min-w-0 [overflow-wrap:anywhere]">{organization}</bdi>
        </p>
      )}
      {phones.map((phone) => (
        <a key={phone} href={`tel:${phone.replace(/[^\d+]/g, "")}`} className={link}>
          <Phone aria-hidden className="size-3.5 shrink-0" />
          <bdi className="truncate">{/^\+\d+$/.test(phone) ? prettyPhone(phone) : phone}</bdi>
        </a>
      ))}
      {emails.map((email) => (
        <a key={email} href={`mailto:${encodeURIComponent(email)}`} className={link}>
          <Mail aria-hidden className="size-3.5 shrink-0" />
          <bdi className="truncate">{email}</bdi>
        </a>
      ))}
    </>
  );
}
