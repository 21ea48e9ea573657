import { createFileRoute, redirect } from "@tanstack/react-router";
import { Shell } from "@/features/shell/shell";
import { ApiError } from "@/lib/api/http";
import { queries } from "@/lib/queries";

export const Route = createFileRoute("/_app")({
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.ensureQueryData(queries.me());
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        throw redirect({ to: "/sign-in", search: { back: location.href }, replace: true });
      }
      throw error;
    }
  },
  component: Shell,
});
