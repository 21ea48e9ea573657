import { createFileRoute, redirect } from "@tanstack/react-router";
import { Shell } from "@/features/shell/shell";
import { ApiError } from "@/lib/api/http";
import { queries } from "@/lib/queries";
import { mayBeSignedIn, rememberSignedIn } from "@/lib/signed-in";

export const Route = createFileRoute("/_app")({
  beforeLoad: async ({ context, location }) => {
    const toSignIn = () => redirect({ to: "/sign-in", search: { back: location.href }, replace: true });
    if (!mayBeSignedIn()) throw toSignIn();
    try {
      await context.queries.ensureQueryData(queries.me());
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        rememberSignedIn(false);
        throw toSignIn();
      }
      throw error;
    }
  },
  component: Shell,
});
