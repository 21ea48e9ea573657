import { Ellipsis, KeyRound, Pencil } from "lucide-react";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Menu } from "@/components/ui/menu";
import type { Attendant, Sector } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { Card } from "../shell/page";

interface AttendantsProps {
  attendants: Attendant[];
  sectors: Sector[];
  onEdit: (attendant: Attendant) => void;
  onPassword: (attendant: Attendant) => void;
}

export function Attendants({ attendants, sectors, onEdit, onPassword }: AttendantsProps) {
  const t = useT();
  return (
    <Card>
      <ul className="divide-y divide-line">
        {attendants.map((one) => (
          <li
            key={one.id}
            className={cx(
              "flex items-center gap-3 px-4 py-3 first:rounded-t-2xl last:rounded-b-2xl",
              !one.active && "bg-sunken",
            )}
          >
            <Avatar
              name={one.name}
              seed={one.id}
              presence={one.online ? (one.away ? "away" : "online") : "offline"}
            />
            <div className="min-w-0 flex-1">
              <p className="flex min-w-0 items-center gap-2">
                <span className="truncate font-medium">{one.name}</span>
                <Badge tone={one.role === "attendant" ? "neutral" : "accent"}>{t(`role.${one.role}`)}</Badge>
                {!one.active && <Badge tone="danger">{t("team.inactive")}</Badge>}
              </p>
              <p className="truncate text-ink-3 text-xs">{one.email}</p>
            </div>
            <p className="w-44 truncate text-right text-ink-3 text-xs max-md:hidden">
              {sectors
                .filter((sector) => one.sectors.includes(sector.id))
                .map((sector) => sector.name)
                .join(", ")}
            </p>
            <p className="w-20 text-right text-ink-3 text-xs tabular-nums max-sm:hidden">
              {t("team.load", { open: one.open_attendances, capacity: one.capacity })}
            </p>
            <Menu
              trigger={
                <IconButton label={t("team.actions_for", { name: one.name })}>
                  <Ellipsis />
                </IconButton>
              }
              groups={[
                [
                  { key: "edit", label: t("action.edit"), icon: <Pencil />, onClick: () => onEdit(one) },
                  {
                    key: "password",
                    label: t("team.set_password"),
                    icon: <KeyRound />,
                    onClick: () => onPassword(one),
                  },
                ],
              ]}
            />
          </li>
        ))}
      </ul>
    </Card>
  );
}
