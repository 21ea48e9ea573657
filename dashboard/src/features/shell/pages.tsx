import { Link } from "@tanstack/react-router";
import { ArrowRightLeft, Compass, Lock } from "lucide-react";
import { buttonClass } from "@/components/ui/button";
import { Empty, Failure } from "@/components/ui/states";
import { useT } from "@/lib/i18n";

export function NotFound({ as: Frame = "main" }: { as?: "main" | "div" }) {
  const t = useT();
  return (
    <Frame className="flex flex-1 items-center justify-center">
      <Empty
        icon={<Compass />}
        title={t("page.not_found")}
        action={
          <Link to="/inbox" className={buttonClass("primary")}>
            {t("page.to_inbox")}
          </Link>
        }
      >
        {t("page.not_found_about")}
      </Empty>
    </Frame>
  );
}

export function Forbidden({ as: Frame = "main" }: { as?: "main" | "div" }) {
  const t = useT();
  return (
    <Frame className="flex flex-1 items-center justify-center">
      <Empty
        icon={<Lock />}
        title={t("page.forbidden")}
        action={
          <Link to="/inbox" className={buttonClass("primary")}>
            {t("page.to_inbox")}
          </Link>
        }
      >
        {t("page.forbidden_about")}
      </Empty>
    </Frame>
  );
}

/** What was open here went to somebody else. */
export function Left() {
  const t = useT();
  return (
    <div className="flex flex-1 items-center justify-center">
      <Empty
        icon={<ArrowRightLeft />}
        title={t("page.left")}
        action={
          <Link to="/inbox" className={buttonClass()}>
            {t("page.to_inbox")}
          </Link>
        }
      >
        {t("page.left_about")}
      </Empty>
    </div>
  );
}

export function Broken({ error, reset }: { error: unknown; reset?: () => void }) {
  return (
    <main className="flex flex-1 items-center justify-center">
      <Failure error={error} retry={reset ?? (() => location.reload())} />
    </main>
  );
}
