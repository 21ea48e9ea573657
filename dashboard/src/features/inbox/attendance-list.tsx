// A virtual list of rows: ten thousand cost as much as ten. Each row listens to its own topic.
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type MouseEvent, useEffect, useRef } from "react";
import { Failure, Skeletons } from "@/components/ui/states";
import { useDesk, useView, whenLive } from "@/lib/desk";
import { useKeys } from "@/lib/keys";
import type { Tab } from "@/lib/store/views";
import { AttendanceRow, ROW_HEIGHT } from "./attendance-row";
import { EmptyList } from "./empty-list";
import { useSteady } from "./use-steady";

interface ListProps {
  tab: Tab;
  sector: string;
  openId: string | undefined;
}

export function AttendanceList({ tab, sector, openId }: ListProps) {
  const { sync, live } = useDesk();
  const view = useView(tab, sector);
  const scroller = useRef<HTMLDivElement>(null);
  const { ids, onPointerMove, onPointerLeave } = useSteady(view.ids);
  const open = useOpen(tab, sector);
  useNextPrevious(ids, openId, open, scroller);

  useEffect(() => {
    void whenLive(live).then(() => sync.loadView(tab, sector));
  }, [sync, live, tab, sector]);

  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => ids[index] as string,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (view.next !== null && lastShown >= ids.length - 10) void sync.loadMore(tab, sector);
  }, [sync, tab, sector, view.next, lastShown, ids.length]);

  if (view.status === "error") return <Failure retry={() => void sync.loadView(tab, sector)} />;
  if (view.status !== "ready") return <Skeletons count={8} />;
  if (ids.length === 0) return <EmptyList tab={tab} filtered={sector !== ""} />;

  // One listener for all rows; a plain click stays in the page, any other is the browser's.
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = (event.target as Element).closest<HTMLElement>("a[data-id]");
    if (!link) return;
    event.preventDefault();
    open(link.dataset.id as string);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: delegation only; the rows are links
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click
    <div
      ref={scroller}
      onClick={onClick}
      onPointerMove={onPointerMove}
      onPointerLeave={onPointerLeave}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
    >
      <ul className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => (
          <li
            key={item.key}
            className="absolute inset-x-0 top-0"
            style={{ height: item.size, transform: `translateY(${item.start}px)` }}
          >
            <AttendanceRow
              id={ids[item.index] as string}
              tab={tab}
              sector={sector}
              selected={ids[item.index] === openId}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

function useOpen(tab: Tab, sector: string): (id: string) => void {
  const navigate = useNavigate();
  return (attendanceId) =>
    void navigate({
      to: "/inbox/$attendanceId",
      params: { attendanceId },
      search: { tab, sector: sector || undefined },
    });
}

function useNextPrevious(
  ids: string[],
  openId: string | undefined,
  open: (id: string) => void,
  scroller: React.RefObject<HTMLDivElement | null>,
): void {
  const step = (by: number) => {
    const at = openId ? ids.indexOf(openId) : -1;
    const next = ids[at < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, at + by))];
    if (!next || next === openId) return;
    open(next);
    const index = ids.indexOf(next);
    const element = scroller.current;
    if (!element) return;
    const top = index * ROW_HEIGHT;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_HEIGHT > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + ROW_HEIGHT - element.clientHeight;
    }
  };
  useKeys({ j: () => step(1), k: () => step(-1), ArrowDown: () => step(1), ArrowUp: () => step(-1) });
}
