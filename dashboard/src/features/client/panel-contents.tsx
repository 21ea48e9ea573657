import type { Attendance } from "@/lib/api/types";
import { ClientCard } from "./client-card";
import { History } from "./history";

export default function PanelContents({ row }: { row: Attendance }) {
  return (
    <>
      <ClientCard key={row.client.id} id={row.client.id} except={row.id} />
      <History id={row.id} />
    </>
  );
}
