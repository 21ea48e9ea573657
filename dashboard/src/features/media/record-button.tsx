import { Mic } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import { useT } from "@/lib/i18n";

export function RecordButton({ onClick }: { onClick: () => void }) {
  const t = useT();
  return (
    <IconButton
      label={t("record.start")}
      onPointerEnter={() => void import("./recorder").catch(() => {})}
      onClick={onClick}
    >
      <Mic />
    </IconButton>
  );
}
