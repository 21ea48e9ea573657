import { useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { Failure, Skeletons } from "@/components/ui/states";
import { ApiError } from "@/lib/api";
import { useDesk, useRow, useThread, whenLive } from "@/lib/desk";
import { setOnScreen } from "@/lib/notify";
import { Forbidden, Left, NotFound } from "../shell/pages";
import { Conversation } from "./conversation";

export function ConversationPage({ id }: { id: string }) {
  const { m } = useSearch({ from: "/_app/inbox" });
  const { sync, live } = useDesk();
  const row = useRow(id);
  const thread = useThread(id);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const [left, setLeft] = useState(false);
  const seen = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again
  useEffect(() => {
    setError(null);
    void whenLive(live).then(() => {
      sync.loadAttendance(id).catch(setError);
      return sync.loadTail(id);
    });
  }, [sync, live, id, attempt]);

  // It was here and went: a colleague took it, or it moved to a sector that is not ours.
  useEffect(() => {
    setLeft(seen.current && row === undefined);
    if (row) seen.current = true;
  }, [row]);

  // It came back.
  const forgotten = left && row !== undefined;
  useEffect(() => {
    if (forgotten) sync.tail(id);
  }, [sync, id, forgotten]);

  useEffect(() => {
    setOnScreen(id);
    return () => setOnScreen(null);
  }, [id]);

  if (error instanceof ApiError && error.status === 404) return <NotFound as="div" />;
  if (left) return <Left />;
  if (error instanceof ApiError && error.status === 403) return <Forbidden as="div" />;
  if (error && !row) return <Failure error={error} retry={() => setAttempt(attempt + 1)} />;
  if (thread.status === "error") return <Failure retry={() => setAttempt(attempt + 1)} />;
  if (!row || thread.status !== "ready") {
    return (
      <div className="flex-1">
        <Skeletons count={5} />
      </div>
    );
  }
  return <Conversation row={row} jumpTo={m} />;
}
