import { createFileRoute } from "@tanstack/react-router";
import { LettersPage } from "@/features/letters/letters-page";

export const Route = createFileRoute("/_app/dead-letters")({ component: LettersPage });
