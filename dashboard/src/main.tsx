import "./styles.css";
import { createRouter, RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { Root } from "./features/shell/root";
import { onSignedOut } from "./lib/api/http";
import { loadLanguage, preferredLanguage, storedLanguage } from "./lib/i18n";
import { queryClient } from "./lib/queries";
import { rememberSignedIn } from "./lib/signed-in";
import { followSystemTheme } from "./lib/theme";
import { watchForNewVersion } from "./lib/version";
import { routeTree } from "./routeTree.gen";

const router = createRouter({ routeTree, context: { queries: queryClient }, defaultPreload: false });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

onSignedOut(() => {
  rememberSignedIn(false);
  if (router.state.location.pathname === "/sign-in") return;
  const back = router.state.location.href;
  queryClient.clear();
  void router.navigate({ to: "/sign-in", search: { back }, replace: true });
});

followSystemTheme();
watchForNewVersion();
await loadLanguage(storedLanguage() ?? preferredLanguage());
createRoot(document.getElementById("root") as HTMLElement).render(
  <Root>
    <RouterProvider router={router} />
  </Root>,
);
