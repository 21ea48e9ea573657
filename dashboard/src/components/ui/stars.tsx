import { Star } from "lucide-react";
import { useT } from "@/lib/i18n";
import { cx } from "./cx";

export function Stars({ score }: { score: number }) {
  const t = useT();
  return (
    <span role="img" aria-label={t("feedback.score", { score })} className="inline-flex gap-0.5">
      {[1, 2, 3, 4, 5].map((step) => (
        <Star
          key={step}
          aria-hidden
          className={cx("size-3.5", step <= score ? "fill-[#e0a020] text-[#e0a020]" : "text-line-strong")}
        />
      ))}
    </span>
  );
}
