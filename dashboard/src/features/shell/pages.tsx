import { Link } from "@tanstack/react-router";
import { Compass, Lock } from "lucide-react";
import { buttonClass } from "@/components/ui/button";
import { Empty, Failure } from "@/components/ui/states";
import { useT } from "@/lib/i18n";

export function NotFound() {
  const t = useT();
  return (
    <main className="flex flex-1 items-center justify-center">
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
    </main>
  );
}

export function Forbidden() {
  const t = useT();
  return (
    <main className="flex flex-1 items-center justify-center">
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
    </main>
  );
}

export function Broken({ error, reset }: { error: unknown; reset?: () => void }) {
  return (
    <main className="flex flex-1 items-center justify-center">
      <Failure error={error} retry={reset ?? (() => location.reload())} />
    </main>
  );
}
