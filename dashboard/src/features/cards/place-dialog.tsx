// A place for the client: pasted, typed, or where the attendant is. No map is asked.
import { LocateFixed } from "lucide-react";
import { type ClipboardEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { FormDialog } from "@/components/ui/dialog";
import { InputField } from "@/components/ui/field";
import type { Location } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { degree, type Spot, spotIn } from "@/lib/place";
import { canBeFound, type Lost, position } from "./position";

interface PlaceProps {
  onSend: (place: Location) => void;
  onClose: () => void;
}

/** Of a name and of an address, as the API takes them. */
const LINE = 300;

export default function PlaceDialog({ onSend, onClose }: PlaceProps) {
  const t = useT();
  const [link, setLink] = useState("");
  const [leftLink, setLeftLink] = useState(false);
  const [latitude, setLatitude] = useState("");
  const [longitude, setLongitude] = useState("");
  const [name, setName] = useState("");
  const [judged, setJudged] = useState(false);
  const [looking, setLooking] = useState(false);
  const [lost, setLost] = useState<Lost | null>(null);
  const fields = { latitude: useRef<HTMLInputElement>(null), longitude: useRef<HTMLInputElement>(null) };
  const place = { latitude: degree(latitude, "latitude"), longitude: degree(longitude, "longitude") };
  const take = (spot: Spot) => {
    setLatitude(String(spot.latitude));
    setLongitude(String(spot.longitude));
    if (spot.name) setName(spot.name.slice(0, LINE));
    setLost(null);
  };
  const read = (text: string) => {
    setLink(text);
    const spot = spotIn(text);
    if (spot) take(spot);
  };
  // Both numbers, pasted where one belongs.
  const onPaste = (event: ClipboardEvent) => {
    const spot = spotIn(event.clipboardData.getData("text/plain"));
    if (!spot) return;
    event.preventDefault();
    take(spot);
  };
  const find = async () => {
    setLooking(true);
    setLost(null);
    const found = await position();
    if (typeof found === "string") setLost(found);
    else take(found);
    setLooking(false);
  };
  const send = (form: FormData) => {
    setJudged(true);
    const wrong = (["latitude", "longitude"] as const).find((one) => place[one] === null);
    if (wrong) return fields[wrong].current?.focus();
    const text = (field: string) => String(form.get(field) ?? "").trim();
    const { latitude, longitude } = place as { latitude: number; longitude: number };
    onSend({ latitude, longitude, name: text("name"), address: text("address") });
  };
  const finished = leftLink || /^\w+:\/\/\S/.test(link);
  const unread = link.trim() !== "" && finished && spotIn(link) === null;
  const wrong = (one: "latitude" | "longitude", most: number) =>
    (judged || place[one] !== null) && place[one] === null ? t(`place.${one}_wrong`, { most }) : undefined;
  return (
    <FormDialog title={t("place.title")} submit={t("action.send")} onSubmit={send} onClose={onClose}>
      <InputField
        label={t("place.link")}
        hint={t("place.link_hint")}
        error={unread ? t("place.link_wrong") : undefined}
        value={link}
        onChange={(event) => {
          setLeftLink(false);
          read(event.target.value);
        }}
        onBlur={() => setLeftLink(true)}
        autoComplete="off"
        spellCheck={false}
        autoFocus
      />
      {canBeFound() && (
        <div>
          <Button busy={looking} onClick={() => void find()}>
            {!looking && <LocateFixed aria-hidden className="size-4" />}
            {t("place.mine")}
          </Button>
          {lost && (
            <p role="alert" className="mt-1.5 text-danger-ink text-xs">
              {t(`place.${lost}`)}
            </p>
          )}
        </div>
      )}
      <div className="grid grid-cols-2 items-start gap-3">
        <InputField
          ref={fields.latitude}
          label={t("place.latitude")}
          error={wrong("latitude", 90)}
          value={latitude}
          onChange={(event) => setLatitude(event.target.value)}
          onPaste={onPaste}
          placeholder="-23.56141"
          autoComplete="off"
        />
        <InputField
          ref={fields.longitude}
          label={t("place.longitude")}
          error={wrong("longitude", 180)}
          value={longitude}
          onChange={(event) => setLongitude(event.target.value)}
          onPaste={onPaste}
          placeholder="-46.65588"
          autoComplete="off"
        />
      </div>
      <InputField
        label={t("start.name")}
        name="name"
        maxLength={LINE}
        value={name}
        onChange={(event) => setName(event.target.value)}
        autoComplete="off"
      />
      <InputField label={t("place.address")} name="address" maxLength={LINE} autoComplete="off" />
    </FormDialog>
  );
}
