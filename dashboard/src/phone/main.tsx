import "../styles.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { loadLanguage, preferredLanguage, setCatalogues, storedLanguage } from "@/lib/i18n";
import { followSystemTheme } from "@/lib/theme";
import { App } from "./app";
import { catalogues } from "./texts";

const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });

setCatalogues(catalogues);
followSystemTheme();
await loadLanguage(storedLanguage() ?? preferredLanguage());
createRoot(document.getElementById("root") as HTMLElement).render(
  <QueryClientProvider client={queries}>
    <App />
  </QueryClientProvider>,
);
