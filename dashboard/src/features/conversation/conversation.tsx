import { useCallback, useEffect, useRef } from "react";
import { NOTHING, useAbilities } from "@/lib/abilities";
import type { Attendance, Message } from "@/lib/api/types";
import { useMe, useTyping } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { setDraft } from "@/lib/outbox/drafts";
import { clientName } from "@/lib/phone";
import { ClientPanel } from "../client/client-panel";
import { Composer } from "../composer/composer";
import { useWindowClosed } from "../composer/use-window";
import { DropHint } from "../media/drop-hint";
import { useDrop, useFiles } from "../media/use-files";
import { Announcer } from "./announcer";
import { ConversationHeader } from "./header";
import { MessageList } from "./message-list";
import { usePanel } from "./use-panel";

export function Conversation({ row, jumpTo }: { row: Attendance; jumpTo: number | undefined }) {
  const t = useT();
  const name = clientName(row.client) || t("client.nameless");
  const panel = usePanel();
  const typing = useTyping(row.id);
  const input = useRef<HTMLTextAreaElement>(null);
  const { attendant: me } = useMe();
  const can = useAbilities(row.session.id);
  const held = row.attendant !== null && row.attendant.id !== me.id;
  const windowClosed = useWindowClosed(row.window_closes_at);
  const files = useFiles(row, held || windowClosed || row.status === "closed");
  const drop = useDrop(files.open, files.add);
  const quote = useCallback(
    (message: Message) => {
      const { id, kind, text, direction } = message;
      setDraft(row.id, { quote: { id, kind, text, direction }, mode: "reply" });
      input.current?.focus();
    },
    [row.id],
  );
  useEffect(() => {
    // On a phone the keyboard would cover what one came to read.
    if (matchMedia("(pointer: fine)").matches) input.current?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      <section {...drop.handlers} aria-label={name} className="relative flex min-h-0 min-w-0 flex-1 flex-col">
        <ConversationHeader row={row} name={name} panelOpen={panel.open} onPanel={panel.toggle} />
        <MessageList
          key={row.id}
          row={row}
          clientName={name}
          jumpTo={jumpTo}
          can={row.status === "closed" ? NOTHING : can}
          onQuote={quote}
        />
        <p aria-live="polite" className="h-5 shrink-0 px-5 text-accent-ink text-xs">
          {typing && t("conversation.client_typing", { name })}
        </p>
        <Composer row={row} input={input} />
        {drop.over && <DropHint />}
        <Announcer id={row.id} name={name} />
      </section>
      {panel.open && <ClientPanel row={row} onClose={panel.toggle} />}
    </>
  );
}
