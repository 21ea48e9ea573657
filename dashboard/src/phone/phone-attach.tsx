// What a phone can send beside text: files as they are, as stickers or as documents, a place, a person's card.
import { FileText, Image, MapPin, Paperclip, Sticker, UserRound } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import { Menu, type MenuEntry } from "@/components/ui/menu";
import { ApiError } from "@/lib/api/http";
import type { MediaKind } from "@/lib/api/types";
import { useFileChooser } from "@/lib/file-chooser";
import { type Person, simulator } from "./api";
import { usePhoneTexts } from "./texts";

// Somewhere that everybody in São Paulo knows.
const PLACE = { latitude: -23.561414, longitude: -46.655881, name: "MASP", address: "Av. Paulista, 1578" };
const CARD = {
  name: "Marina Souza",
  phones: ["+55 11 98888-7777"],
  emails: ["marina@example.com"],
  organization: "Souza & Filhos",
};

interface AttachProps {
  person: Person;
  onFiles: (files: File[], kind?: MediaKind) => void;
  onError: (problem: string) => void;
}

export function PhoneAttach({ person, onFiles, onError }: AttachProps) {
  const t = usePhoneTexts();
  const [choose, field] = useFileChooser(onFiles);
  const say = (body: Parameters<typeof simulator.send>[1]) =>
    simulator
      .send(person.phone, { ...body, name: person.name || undefined })
      .catch((error) => onError(error instanceof ApiError ? error.detail : t("phone.retry_wait")));
  const files: MenuEntry[] = [
    { key: "files", label: t("phone.attach_files"), icon: <Image />, onClick: () => choose() },
    {
      key: "sticker",
      label: t("phone.attach_sticker"),
      icon: <Sticker />,
      onClick: () => choose("sticker", "image/webp"),
    },
    {
      key: "document",
      label: t("phone.attach_document"),
      icon: <FileText />,
      onClick: () => choose("document"),
    },
  ];
  const others: MenuEntry[] = [
    {
      key: "location",
      label: t("phone.attach_location"),
      icon: <MapPin />,
      onClick: () => void say({ location: PLACE }),
    },
    {
      key: "contact",
      label: t("phone.attach_contact"),
      icon: <UserRound />,
      onClick: () => void say({ contacts: [CARD] }),
    },
  ];
  return (
    <>
      <Menu
        side="top"
        groups={[files, others]}
        trigger={
          <IconButton label={t("phone.attach")} className="size-11!">
            <Paperclip />
          </IconButton>
        }
      />
      {field}
    </>
  );
}
