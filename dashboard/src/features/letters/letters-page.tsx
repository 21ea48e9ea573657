// Messages that could not be handled: why, and what to do with them. For admins, as they hold what clients wrote.
import { useInfiniteQuery } from "@tanstack/react-query";
import { CircleCheckBig, RefreshCw } from "lucide-react";
import { Suspense, useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { SelectField } from "@/components/ui/field";
import { Empty, Failure, Skeletons } from "@/components/ui/states";
import type { DeathReason, Letter } from "@/lib/api/types";
import { useMe } from "@/lib/desk";
import { useT } from "@/lib/i18n";
import { lazily } from "@/lib/lazily";
import { queries } from "@/lib/queries";
import { Page } from "../shell/page";
import { Forbidden } from "../shell/pages";
import { LetterList } from "./letter-list";

const LetterDialog = lazily(() => import("./letter-dialog"));
const ReplayDialog = lazily(() => import("./confirm").then((it) => ({ default: it.ReplayDialog })));
const ReplayAllDialog = lazily(() => import("./confirm").then((it) => ({ default: it.ReplayAllDialog })));
const DiscardDialog = lazily(() => import("./confirm").then((it) => ({ default: it.DiscardDialog })));

const REASONS: DeathReason[] = ["refused", "exhausted", "unreadable", "lost"];

type Open = { what: "letter" | "replay" | "discard"; letter: Letter } | { what: "all" };

export function LettersPage() {
  return useMe().attendant.role === "admin" ? <Letters /> : <Forbidden />;
}

function Letters() {
  const t = useT();
  const [reason, setReason] = useState<DeathReason | null>(null);
  const [open, setOpen] = useState<Open | null>(null);
  const found = useInfiniteQuery(queries.letters(reason));
  const letters = found.data?.pages.flatMap((page) => page.items) ?? [];
  const close = () => setOpen(null);
  return (
    <Page
      title={t("letter.title")}
      about={t("letter.about")}
      action={
        <IconButton
          label={t("action.reload")}
          disabled={found.isFetching}
          onClick={() => void found.refetch()}
        >
          <RefreshCw />
        </IconButton>
      }
    >
      {(letters.length > 0 || reason) && (
        <div className="mb-4 flex flex-wrap items-end justify-between gap-3">
          <SelectField
            label={t("letter.reason")}
            value={reason ?? ""}
            onChange={(event) => setReason((event.target.value || null) as DeathReason | null)}
            choices={[
              { value: "", label: t("letter.any_reason") },
              ...REASONS.map((one) => ({ value: one, label: t(`letter.reason.${one}`) })),
            ]}
          />
          {letters.length > 0 && (
            <Button onClick={() => setOpen({ what: "all" })}>{t("letter.replay_all")}</Button>
          )}
        </div>
      )}
      {found.isPending && <Skeletons />}
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.isSuccess && letters.length === 0 && <AllIsWell filtered={reason !== null} />}
      {letters.length > 0 && (
        <LetterList letters={letters} onOpen={(letter) => setOpen({ what: "letter", letter })} />
      )}
      {found.hasNextPage && (
        <div className="flex justify-center pt-4">
          <Button size="sm" busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t("action.more")}
          </Button>
        </div>
      )}
      <Suspense>
        {open?.what === "letter" && (
          <LetterDialog
            letter={open.letter}
            onReplay={() => setOpen({ ...open, what: "replay" })}
            onDiscard={() => setOpen({ ...open, what: "discard" })}
            onClose={close}
          />
        )}
        {open?.what === "replay" && <ReplayDialog letter={open.letter} onClose={close} />}
        {open?.what === "discard" && <DiscardDialog letter={open.letter} onClose={close} />}
        {open?.what === "all" && (
          <ReplayAllDialog reason={reason} count={letters.length} more={found.hasNextPage} onClose={close} />
        )}
      </Suspense>
    </Page>
  );
}

function AllIsWell({ filtered }: { filtered: boolean }) {
  const t = useT();
  return (
    <Empty icon={<CircleCheckBig />} title={t(filtered ? "letter.none_such" : "letter.none")}>
      {!filtered && t("letter.none_about")}
    </Empty>
  );
}
