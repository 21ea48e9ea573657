import { Dialog } from "@/components/ui/dialog";
import { type Key, useT } from "@/lib/i18n";

const ROWS: [string[], Key][] = [
  [["J", "K"], "keys.next_previous"],
  [["Enter"], "keys.open"],
  [["R"], "keys.reply"],
  [["N"], "keys.note"],
  [["A"], "keys.take"],
  [["T"], "keys.transfer"],
  [["F"], "keys.close"],
  [["/"], "keys.search"],
  [["Esc"], "keys.back"],
  [["?"], "keys.help"],
];

export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const t = useT();
  return (
    <Dialog title={t("keys.title")} about={t("keys.about")} onClose={onClose}>
      <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-2.5 px-5 pt-2 pb-6">
        {ROWS.map(([keys, meaning]) => (
          <div key={meaning} className="contents">
            <dt className="text-ink-2">{t(meaning)}</dt>
            <dd className="flex justify-end gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="min-w-6 rounded-md border border-line-strong bg-sunken px-1.5 text-center font-sans text-xs leading-5"
                >
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
