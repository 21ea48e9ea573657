// Who it is, who holds it, and what can be done with it.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowLeft, ArrowRightLeft, CircleCheck, Ellipsis, Hand, PanelRight, Undo2 } from "lucide-react";
import { Suspense, useState } from "react";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { Menu, type MenuEntry } from "@/components/ui/menu";
import type { Attendance } from "@/lib/api/types";
import { useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { useKeys } from "@/lib/keys";
import { lazily } from "@/lib/lazily";
import { prettyPhone } from "@/lib/phone";
import { OurNumber } from "../session/our-number";
import { useActions } from "./use-actions";

const TransferDialog = lazily(() => import("./transfer-dialog"));
const CloseDialog = lazily(() => import("./close-dialog"));

interface HeaderProps {
  row: Attendance;
  name: string;
  panelOpen: boolean;
  onPanel: () => void;
}

export function ConversationHeader({ row, name, panelOpen, onPanel }: HeaderProps) {
  const t = useT();
  const { attendant: me } = useMe();
  const [dialog, setDialog] = useState<"transfer" | "close" | null>(null);
  const actions = useActions(row);
  const back = useBack();
  const open = row.status !== "closed";
  const mine = row.attendant?.id === me.id;
  const phone = prettyPhone(row.client.phone);
  const mayAct = open && (mine || row.status === "waiting" || me.role !== "attendant");
  useKeys({
    a: () => open && !mine && actions.take(),
    t: () => mayAct && setDialog("transfer"),
    f: () => mayAct && setDialog("close"),
    Escape: back,
  });
  const entries: MenuEntry[] = [
    {
      key: "transfer",
      label: t("action.transfer"),
      icon: <ArrowRightLeft />,
      shortcut: "T",
      onClick: () => setDialog("transfer"),
    },
    {
      key: "close",
      label: t("action.close"),
      icon: <CircleCheck />,
      shortcut: "F",
      onClick: () => setDialog("close"),
    },
  ];
  if (row.attendant) {
    entries.splice(1, 0, {
      key: "release",
      label: t("action.release"),
      icon: <Undo2 />,
      onClick: actions.release,
    });
  }
  return (
    <header className="flex h-14 shrink-0 items-center gap-2 border-line border-b bg-surface px-2 sm:px-4">
      <IconButton label={t("action.back")} onClick={back} className="md:hidden">
        <ArrowLeft />
      </IconButton>
      <button
        type="button"
        onClick={onPanel}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-lg py-1 text-left"
        aria-expanded={panelOpen}
        title={t("client.open_panel")}
      >
        <span className="max-sm:hidden">
          <Avatar name={name} seed={row.client.id} />
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate font-semibold" dir="auto">
            {name}
          </span>
          <span className="flex min-w-0 items-center gap-1.5 overflow-hidden text-ink-3 text-xs">
            <StatusBadge row={row} mine={mine} />
            <Badge className="min-w-0 overflow-hidden max-lg:hidden">
              <span className="truncate">{row.sector.name}</span>
            </Badge>
            <OurNumber row={row} className="min-w-0" />
            {phone !== name && <span className="shrink-[9] truncate">{phone}</span>}
          </span>
        </span>
      </button>
      {open && !mine && row.status === "waiting" && (
        <Button look="primary" size="sm" busy={actions.busy} onClick={() => actions.take()}>
          <Hand aria-hidden className="size-4" />
          {t("action.take")}
        </Button>
      )}
      {mayAct && (
        <>
          <IconButton
            label={t("action.transfer")}
            shortcut="T"
            className="max-lg:hidden"
            onClick={() => setDialog("transfer")}
          >
            <ArrowRightLeft />
          </IconButton>
          <Button size="sm" className="max-sm:hidden" onClick={() => setDialog("close")}>
            <CircleCheck aria-hidden className="size-4" />
            {t("action.close")}
          </Button>
          <Menu
            groups={[entries]}
            trigger={
              <IconButton label={t("action.more_actions")}>
                <Ellipsis />
              </IconButton>
            }
          />
        </>
      )}
      <IconButton label={t("client.panel")} pressed={panelOpen} onClick={onPanel} className="max-sm:hidden">
        <PanelRight />
      </IconButton>
      <Suspense>
        {dialog === "transfer" && <TransferDialog row={row} onClose={() => setDialog(null)} />}
        {dialog === "close" && <CloseDialog row={row} name={name} onClose={() => setDialog(null)} />}
      </Suspense>
    </header>
  );
}

function StatusBadge({ row, mine }: { row: Attendance; mine: boolean }) {
  const t = useT();
  if (row.status === "closed") return <Badge className="shrink-0">{t("status.closed")}</Badge>;
  if (!row.attendant) {
    return (
      <Badge tone="warn" className="shrink-0">
        {t("status.waiting")}
      </Badge>
    );
  }
  return (
    <Badge tone={mine ? "accent" : "info"} className="shrink-0">
      <span className="truncate">{mine ? t("inbox.you") : row.attendant.name}</span>
    </Badge>
  );
}

/** Back to the list, with the focus on the row one came from. */
function useBack(): () => void {
  const navigate = useNavigate();
  const search = useSearch({ from: "/_app/inbox" });
  return () => {
    const id = location.pathname.split("/").at(-1);
    void navigate({ to: "/inbox", search: { ...search, m: undefined } }).then(() =>
      document.querySelector<HTMLElement>(`a[data-id="${id}"]`)?.focus(),
    );
  };
}
