import { createFileRoute } from "@tanstack/react-router";
import { SessionsPage } from "@/features/session/sessions-page";

export const Route = createFileRoute("/_app/sessions")({ component: SessionsPage });
