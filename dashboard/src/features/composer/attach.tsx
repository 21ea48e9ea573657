// What goes to the client beside text: files with one press, a place or a card from the menu next to it.
import { Files, FileText, MapPin, Paperclip, Plus, Sticker, UserRound } from "lucide-react";
import { Suspense, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { Menu, type MenuEntry } from "@/components/ui/menu";
import type { Abilities } from "@/lib/abilities";
import type { Attendance } from "@/lib/api/types";
import { useDesk } from "@/lib/desk";
import { useFileChooser } from "@/lib/file-chooser";
import { useT } from "@/lib/i18n";
import { lazily } from "@/lib/lazily";
import { prettySize, STICKERS_OF } from "@/lib/media";
import { draftOf, setDraft } from "@/lib/outbox/drafts";
import type { Outgoing } from "@/lib/outbox/entries";
import type { Files as GivenFiles } from "../media/use-files";

const PlaceDialog = lazily(() => import("../cards/place-dialog"));
const ContactDialog = lazily(() => import("../cards/contact-dialog"));

interface AttachProps {
  row: Attendance;
  abilities: Abilities;
  files: GivenFiles;
  onTemplate: () => void;
  onSent: () => void;
}

export function Attach({ row, abilities, files, onTemplate, onSent }: AttachProps) {
  const t = useT();
  const { outbox } = useDesk();
  const [choose, field] = useFileChooser(files.add);
  const [dialog, setDialog] = useState<"place" | "contact" | null>(null);
  const { limits } = files;
  const sizes = { image: prettySize(limits.image ?? 0), document: prettySize(limits.document ?? 0) };
  const close = () => setDialog(null);
  const send = (said: Pick<Outgoing, "location" | "contacts">) => {
    outbox.add({ attendance_id: row.id, kind: "reply", text: "", quote: draftOf(row.id).quote, ...said });
    setDraft(row.id, { quote: null });
    close();
    onSent();
  };
  const others: MenuEntry[] = [];
  if (abilities.location) {
    const label = t("kind.location");
    others.push({ key: "location", label, icon: <MapPin />, onClick: () => setDialog("place") });
  }
  if (abilities.contacts) {
    const label = t("kind.contact");
    others.push({ key: "contact", label, icon: <UserRound />, onClick: () => setDialog("contact") });
  }
  const first: MenuEntry[] = [];
  if (files.open) {
    first.push({ key: "files", label: t("attach.files"), icon: <Files />, onClick: () => choose() });
  }
  if (files.open && limits.sticker) {
    const label = t("kind.sticker");
    const onClick = () => choose("sticker", STICKERS_OF.join());
    first.push({ key: "sticker", label, icon: <Sticker />, onClick });
  }
  // Where there is no room for its button, this is the way to it.
  if (abilities.templates) {
    first.push({ key: "template", label: t("template.choose"), icon: <FileText />, onClick: onTemplate });
  }
  return (
    <>
      {files.open && (
        <>
          <IconButton label={t("attach.choose", sizes)} onClick={() => choose()} data-attach="">
            <Paperclip />
          </IconButton>
          {field}
        </>
      )}
      {others.length > 0 && (
        <Menu
          side="top"
          groups={[first, others].filter((group) => group.length > 0)}
          trigger={
            <IconButton label={t("attach.more")}>
              <Plus />
            </IconButton>
          }
        />
      )}
      <Suspense>
        {dialog === "place" && <PlaceDialog onSend={(location) => send({ location })} onClose={close} />}
        {dialog === "contact" && (
          <ContactDialog row={row} onSend={(card) => send({ contacts: [card] })} onClose={close} />
        )}
      </Suspense>
    </>
  );
}
