// What every component of the signed-in dashboard shares: board, feed, outbox, and the hooks to read them.
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { Attendance, Me, Message } from "./api/types";
import { chosenLive } from "./live/chosen";
import type { Live, LiveState } from "./live/types";
import { ring } from "./notify";
import type { OutboxEntry } from "./outbox/entries";
import { Outbox } from "./outbox/outbox";
import { type UploadEntry, Uploads } from "./outbox/uploads";
import { Board } from "./store/board";
import { Sync } from "./store/sync";
import type { Thread } from "./store/threads";
import { type Tab, type View, viewKey } from "./store/views";

export interface Desk {
  board: Board;
  live: Live;
  sync: Sync;
  outbox: Outbox;
  uploads: Uploads;
}

const DeskContext = createContext<Desk | null>(null);
const MeContext = createContext<Me | null>(null);

interface ProviderProps {
  me: Me;
  onDenied: () => void;
  children: ReactNode;
  live?: Live;
}

export function DeskProvider({ me, onDenied, children, live: given }: ProviderProps) {
  const queries = useQueryClient();
  const [desk] = useState<Desk>(() => {
    const board = new Board();
    board.me = me.attendant;
    const live = given ?? chosenLive(me);
    const sync = new Sync(board, queries, live);
    // The rest that a reply changes comes with the feed.
    const accepted = (message: Message) => board.putMessages(message.attendance_id, [message]);
    const outbox = new Outbox(me.attendant.id, accepted);
    return { board, live, sync, outbox, uploads: new Uploads(accepted) };
  });

  useEffect(() => {
    const { live, outbox, sync, uploads } = desk;
    const offs = [
      live.on("denied", onDenied),
      live.on("state", (state) => {
        if (state === "online") outbox.resume();
      }),
      live.on("event", ({ event, payload }) => {
        const message = payload.message;
        if (!message) return;
        if (event === "message.written.v1" && message.author?.id === desk.board.me?.id) {
          if (message.media) uploads.sawOwn(message);
          else outbox.sawOwn(message);
        }
        if (event === "message.received.v1" && payload.attendance)
          ring(payload.attendance, desk.board.me, message.id);
      }),
    ];
    live.start();
    outbox.resume();
    // Files that are still being sent go with the page.
    const stay = (event: BeforeUnloadEvent) => uploads.unfinished > 0 && event.preventDefault();
    addEventListener("beforeunload", stay);
    return () => {
      removeEventListener("beforeunload", stay);
      for (const off of offs) off();
      sync.stop();
    };
  }, [desk, onDenied]);

  useEffect(() => {
    const before = desk.board.me;
    desk.board.me = me.attendant;
    const sight = (one: Me["attendant"]) => `${one.role} ${[...one.sectors].sort()}`;
    if (before && sight(before) !== sight(me.attendant)) desk.sync.refetchAll();
  }, [desk, me]);

  return (
    <DeskContext value={desk}>
      <MeContext value={me}>{children}</MeContext>
    </DeskContext>
  );
}

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("useDesk outside of DeskProvider");
  return desk;
}

export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error("useMe outside of DeskProvider");
  return me;
}

function useTopic<Value>(topic: string, read: (board: Board) => Value): Value {
  const { board } = useDesk();
  return useSyncExternalStore(
    (listener) => board.topics.subscribe(topic, listener),
    () => read(board),
  );
}

export const useRow = (id: string): Attendance | undefined => useTopic(`row:${id}`, (board) => board.row(id));
export const useThread = (id: string): Thread => useTopic(`thread:${id}`, (board) => board.thread(id));
export const useTyping = (id: string): boolean => useTopic(`typing:${id}`, (board) => board.isTyping(id));

export const useView = (tab: Tab, sector: string): View =>
  useTopic(`view:${viewKey(tab, sector)}`, (board) => board.view(tab, sector));

export function useOutbox(attendanceId: string): OutboxEntry[] {
  const { outbox } = useDesk();
  return useSyncExternalStore(outbox.subscribe, () => outbox.of(attendanceId));
}

export function useUploads(attendanceId: string): UploadEntry[] {
  const { uploads } = useDesk();
  return useSyncExternalStore(uploads.subscribe, () => uploads.of(attendanceId));
}

export function useLiveState(): LiveState {
  const { live } = useDesk();
  return useSyncExternalStore(
    (listener) => live.on("state", listener),
    () => live.state,
  );
}

export function useDetour(): boolean {
  const { live } = useDesk();
  return useSyncExternalStore(
    (listener) => live.on("state", listener),
    () => live.detour,
  );
}

/** Resolves when the feed is open, or after a moment without it: what is read afterwards has no gap to the feed. */
export function whenLive(live: Live, patience = 1_500): Promise<void> {
  if (live.state === "online") return Promise.resolve();
  return new Promise((resolve) => {
    const off = live.on("state", (state) => state === "online" && done());
    const timer = setTimeout(() => done(), patience);
    const done = () => {
      off();
      clearTimeout(timer);
      resolve();
    };
  });
}
