// What an event of Firestore leaves out: texts, unless they are told, names and files are asked of the API.
import { ApiError, api } from "../api";
import type { EventMessage, LiveEvent } from "./types";

/** One page of messages. */
const PAGE = 50;
/** Of these only the state counts, and a failure's reason. */
const WHOLE = new Set(["message.delivery_changed.v1"]);

const NOTHING_ELSE = {
  media: null,
  location: null,
  contacts: [],
  template: null,
  failure: null,
  reactions: [],
};

type Asked = Map<string, number[]>;

/** The events with their messages as the API has them now; one that is not ours any more has none. */
export async function complete(events: LiveEvent[]): Promise<LiveEvent[]> {
  const asked: Asked = new Map();
  for (const event of events) {
    const message = wanted(event);
    if (!message) continue;
    const positions = asked.get(message.attendance_id) ?? [];
    asked.set(message.attendance_id, [...positions, message.position]);
  }
  const found = new Map<string, EventMessage>();
  await Promise.all(
    [...asked].flatMap(([id, positions]) => pages(positions).map((page) => read(found, id, page))),
  );
  return events.map((event) => {
    const { message, ...payload } = event.payload;
    if (!message) return event;
    const whole = wanted(event) ? found.get(message.id) : told(message);
    return { ...event, payload: whole ? { ...payload, message: whole } : payload };
  });
}

function wanted({ event, payload: { message } }: LiveEvent): EventMessage | null {
  if (!message || message.text !== undefined) return null;
  return WHOLE.has(event) && message.delivery !== "failed" ? null : message;
}

/** One with its text has nothing else. */
function told(message: EventMessage): EventMessage {
  return message.text === undefined ? { ...message, failure: null } : { ...NOTHING_ELSE, ...message };
}

interface Span {
  first: number;
  last: number;
}

function pages(positions: number[]): Span[] {
  const spans: Span[] = [];
  for (const position of [...new Set(positions)].sort((one, other) => one - other)) {
    const last = spans.at(-1);
    if (last && position - last.first < PAGE) last.last = position;
    else spans.push({ first: position, last: position });
  }
  return spans;
}

async function read(found: Map<string, EventMessage>, id: string, { first, last }: Span): Promise<void> {
  try {
    const page = await api.messages(id, last + 1, last - first + 1);
    for (const { author, quote, ...rest } of page.items)
      found.set(rest.id, { ...rest, author: author && { id: author.id }, quote: quote && { id: quote.id } });
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 403 && error.status !== 404)) throw error;
  }
}
