import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Empty, Failure, Skeletons } from "@/components/ui/states";
import { api } from "@/lib/api";
import type { Client, Found } from "@/lib/api/types";
import { useT } from "@/lib/i18n";
import { shortTime } from "@/lib/i18n/time";
import { inWords } from "@/lib/media";
import { clientName, prettyPhone } from "@/lib/phone";
import { queries } from "@/lib/queries";
import { KindIcon } from "../media/kind-icon";
import { Excerpt } from "./excerpt";

/** Of anything shorter the server would have to read every message there is. */
const LOOKED_UP = /[\p{L}\p{N}]{3}/u;

export function SearchResults({ q }: { q: string }) {
  const t = useT();
  const canBeLookedUp = LOOKED_UP.test(q);
  const clients = useQuery(queries.searchClients(q));
  const messages = useInfiniteQuery({
    queryKey: ["search", q],
    queryFn: ({ pageParam }) => api.search(q, pageParam),
    initialPageParam: null as string | null,
    enabled: canBeLookedUp,
    getNextPageParam: (page) => page.next,
    staleTime: 10_000,
  });
  const found = messages.data?.pages.flatMap((page) => page.items) ?? [];
  const people = clients.data?.items ?? [];
  if (messages.isError && clients.isError)
    return <Failure error={messages.error} retry={() => messages.refetch()} />;
  if (messages.isLoading || clients.isPending) return <Skeletons />;
  if (found.length === 0 && people.length === 0) {
    return (
      <Empty icon={<SearchX />} title={t("search.nothing", { q })}>
        {t(canBeLookedUp ? "search.nothing_about" : "search.too_short")}
      </Empty>
    );
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto pb-4">
      {people.length > 0 && (
        <Group title={t("search.clients")}>
          {people.map((client) => (
            <ClientHit key={client.id} client={client} q={q} />
          ))}
        </Group>
      )}
      {found.length > 0 && (
        <Group title={t("search.messages")}>
          {found.map((hit) => (
            <MessageHit key={hit.message.id} hit={hit} q={q} />
          ))}
        </Group>
      )}
      {messages.hasNextPage && (
        <div className="flex justify-center pt-3">
          <Button size="sm" busy={messages.isFetchingNextPage} onClick={() => void messages.fetchNextPage()}>
            {t("action.more")}
          </Button>
        </div>
      )}
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="px-3 pt-3 pb-1 font-medium text-ink-3 text-xs">{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}

const hitClass = "flex items-center gap-3 px-3 py-2.5 hover:bg-hover -outline-offset-2";

function ClientHit({ client, q }: { client: Client; q: string }) {
  const name = clientName(client);
  return (
    <li>
      <Link
        to="/inbox/clients/$clientId"
        params={{ clientId: client.id }}
        search={(old) => ({ ...old, m: undefined })}
        className={hitClass}
        activeProps={{ className: "bg-selected" }}
      >
        <Avatar name={name} seed={client.id} />
        <span className="min-w-0">
          <span className="block truncate font-medium">
            <Excerpt text={name} q={q} />
          </span>
          <span className="block truncate text-ink-3 text-xs">{prettyPhone(client.phone)}</span>
        </span>
      </Link>
    </li>
  );
}

function MessageHit({ hit: { message, attendance }, q }: { hit: Found; q: string }) {
  const t = useT();
  return (
    <li>
      <Link
        to="/inbox/$attendanceId"
        params={{ attendanceId: attendance.id }}
        search={(old) => ({ ...old, m: message.position })}
        className={hitClass}
      >
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className="min-w-0 flex-1 truncate font-medium">{clientName(attendance.client)}</span>
            <span className="shrink-0 text-ink-3 text-xs">{shortTime(message.at)}</span>
          </span>
          <span className="flex items-center gap-1.5">
            <span className="line-clamp-2 min-w-0 flex-1 text-[0.8125rem] text-ink-2">
              {message.direction !== "inbound" && (
                <span className="text-ink-3">{message.author?.name ?? t("message.system")}: </span>
              )}
              <KindIcon kind={message.kind} className="mr-1 inline size-3.5 align-[-2px]" />
              <Excerpt text={message.text || message.media?.name || inWords(message)} q={q} />
            </span>
            {attendance.status === "closed" && <Badge>{t("status.closed")}</Badge>}
          </span>
        </span>
      </Link>
    </li>
  );
}
