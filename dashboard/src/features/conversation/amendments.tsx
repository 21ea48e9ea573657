// What happened to a message after it was sent, and what its reader can do: react, edit, take it back.
import { Ban, Pencil, Phone, SmilePlus, Undo2 } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import { Menu, type MenuEntry } from "@/components/ui/menu";
import { toastError } from "@/components/ui/toasts";
import type { Abilities } from "@/lib/abilities";
import { api } from "@/lib/api";
import type { Message } from "@/lib/api/types";
import { useT } from "@/lib/i18n";

const EMOJI = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** WhatsApp decides: the feed tells when it is done. */
function ask(work: Promise<unknown>): void {
  work.catch(toastError);
}

export function Reactions({ message }: { message: Message }) {
  const t = useT();
  if (message.reactions.length === 0) return null;
  return (
    <ul className="clear-both mt-1 flex gap-1" aria-label={t("message.reactions")}>
      {message.reactions.map((one) => (
        <li
          key={one.side}
          title={t(one.side === "client" ? "message.reaction_client" : "message.reaction_ours")}
          className="rounded-full border border-line bg-raised px-1.5 text-sm leading-6"
        >
          {one.emoji}
        </li>
      ))}
    </ul>
  );
}

export function Edited({ message }: { message: Message }) {
  const t = useT();
  if (!message.edited_at || message.revoked_at) return null;
  return <span className="mr-1 text-2xs text-ink-2 italic">{t("message.edited")}</span>;
}

/** In place of a text that is gone, or that never was one. */
export function Placeholder({ message }: { message: Message }) {
  const t = useT();
  const called = !message.revoked_at;
  return (
    <span className="inline-flex items-center gap-1.5 text-ink-2 italic">
      {called ? (
        <Phone aria-hidden className="size-4 shrink-0" />
      ) : (
        <Ban aria-hidden className="size-4 shrink-0" />
      )}
      {t(called ? "message.call" : "message.revoked")}
    </span>
  );
}

export function isPlaceholder(message: Message): boolean {
  return message.revoked_at !== null || message.kind === "call";
}

interface MenuProps {
  message: Message;
  can: Abilities;
  onEdit: (message: Message) => void;
}

/** The number must be able to do it, and WhatsApp must have the message. */
export function AmendMenu({ message, can, onEdit }: MenuProps) {
  const t = useT();
  const known =
    message.direction === "inbound" || ["sent", "delivered", "read"].includes(message.delivery ?? "");
  if (message.revoked_at || message.direction === "note" || !known) return null;
  const mine = message.reactions.find((one) => one.side === "attendant");
  const emoji: MenuEntry[] = EMOJI.map((one) => ({
    key: one,
    label: one,
    icon: null,
    onClick: () => ask(api.react(message.id, one)),
  }));
  const back: MenuEntry = {
    key: "unreact",
    label: t("message.unreact"),
    icon: <Undo2 aria-hidden />,
    onClick: () => ask(api.react(message.id, "")),
  };
  const edit: MenuEntry = {
    key: "edit",
    label: t("message.edit"),
    icon: <Pencil aria-hidden />,
    onClick: () => onEdit(message),
  };
  const revoke: MenuEntry = {
    key: "revoke",
    label: t("message.revoke"),
    icon: <Ban aria-hidden />,
    onClick: () => ask(api.revoke(message.id)),
  };
  const reacting = can.reactions ? [...emoji, ...(mine ? [back] : [])] : [];
  const ours = message.direction === "reply";
  const editing = can.edit && ours && message.kind === "text" && !message.template ? [edit] : [];
  const revoking = can.revoke && ours ? [revoke] : [];
  const groups = [reacting, [...editing, ...revoking]].filter((entries) => entries.length > 0);
  if (groups.length === 0) return null;
  return (
    <Menu
      groups={groups}
      trigger={
        <IconButton label={t("message.amend")}>
          <SmilePlus />
        </IconButton>
      }
    />
  );
}
