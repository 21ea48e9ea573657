import { createFileRoute } from "@tanstack/react-router";
import { SignIn } from "@/features/shell/sign-in";

/** Only a path of our own: `back` comes from the address bar. */
function ownPath(value: unknown): string | undefined {
  return typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined;
}

export const Route = createFileRoute("/sign-in")({
  validateSearch: (search: Record<string, unknown>): { back?: string } => {
    const back = ownPath(search.back);
    return back ? { back } : {};
  },
  component: SignIn,
});
