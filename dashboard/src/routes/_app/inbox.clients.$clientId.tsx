import { createFileRoute } from "@tanstack/react-router";
import { ClientPage } from "@/features/client/client-page";

export const Route = createFileRoute("/_app/inbox/clients/$clientId")({ component: Page });

function Page() {
  const { clientId } = Route.useParams();
  return <ClientPage key={clientId} id={clientId} />;
}
