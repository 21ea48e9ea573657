// What is asked before something is done with dead letters, and what is said afterwards.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FormDialog } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toasts";
import { api } from "@/lib/api";
import type { DeathReason, Letter } from "@/lib/api/types";
import { t as translate, useT } from "@/lib/i18n";
import { kindOf } from "./words";

interface ConfirmProps<Answer> {
  title: string;
  about: string;
  submit: string;
  danger?: boolean;
  act: () => Promise<Answer>;
  said: (answer: Answer) => string;
  onClose: () => void;
}

function Confirm<Answer>({ about, act, said, ...rest }: ConfirmProps<Answer>) {
  const cache = useQueryClient();
  const action = useMutation({
    mutationFn: act,
    onSuccess: (answer) => {
      toast(said(answer));
      rest.onClose();
    },
    // After a refusal as well: somebody else may have been faster.
    onSettled: () => void cache.invalidateQueries({ queryKey: ["letters"] }),
  });
  return (
    <FormDialog {...rest} busy={action.isPending} error={action.error} onSubmit={() => action.mutate()}>
      <p className="text-ink-2">{about}</p>
    </FormDialog>
  );
}

interface OneProps {
  letter: Letter;
  onClose: () => void;
}

export function ReplayDialog({ letter, onClose }: OneProps) {
  const t = useT();
  return (
    <Confirm
      title={t("letter.replay_title", { kind: kindOf(letter.type) })}
      about={t("letter.replay_about")}
      submit={t("letter.replay")}
      act={() => api.replayLetter(letter.id)}
      said={() => t("letter.replayed", { count: 1 })}
      onClose={onClose}
    />
  );
}

export function DiscardDialog({ letter, onClose }: OneProps) {
  const t = useT();
  return (
    <Confirm
      title={t("letter.discard_title", { kind: kindOf(letter.type) })}
      about={t("letter.discard_about")}
      submit={t("letter.discard")}
      danger
      act={() => api.discardLetter(letter.id)}
      said={() => t("letter.discarded")}
      onClose={onClose}
    />
  );
}

interface AllProps {
  reason: DeathReason | null;
  count: number;
  /** Whether there are some that the list does not show yet: they go as well. */
  more: boolean;
  onClose: () => void;
}

export function ReplayAllDialog({ reason, count, more, onClose }: AllProps) {
  const t = useT();
  return (
    <Confirm
      title={t(more ? "letter.replay_more_title" : "letter.replay_all_title", { count })}
      about={`${t("letter.replay_about")} ${t("letter.replay_all_about")}`}
      submit={t("letter.replay")}
      act={() => api.replayLetters(reason)}
      said={({ replayed, left }) => outcome(replayed, left)}
      onClose={onClose}
    />
  );
}

function outcome(replayed: number, left: number): string {
  const done = translate("letter.replayed", { count: replayed });
  return left > 0 ? `${done} ${translate("letter.left", { count: left })}` : done;
}
