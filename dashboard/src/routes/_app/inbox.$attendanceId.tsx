import { createFileRoute } from "@tanstack/react-router";
import { ConversationPage } from "@/features/conversation/conversation-page";

export const Route = createFileRoute("/_app/inbox/$attendanceId")({ component: Page });

function Page() {
  const { attendanceId } = Route.useParams();
  // The key makes a new page of every attendance: no text, scroll or menu is carried from one to another.
  return <ConversationPage key={attendanceId} id={attendanceId} />;
}
