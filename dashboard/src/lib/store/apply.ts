// One event of the feed, written into the board.  What cannot be told from the event alone is fetched.
import type { Attendance, Message } from "../api/types";
import type { AttendanceState, EventMessage, LiveEvent } from "../live/types";
import { movedWindow } from "../window";
import type { Board } from "./board";
import type { Names } from "./names";
import { hasGap } from "./threads";
import { maySee } from "./views";

const PREVIEW = 160;

export interface Fetcher {
  /** The attendance is unknown, or changed in a way the event does not spell out. */
  attendance(id: string): void;
  /** The newest messages of an opened thread are not all there. */
  tail(id: string): void;
  /** One message whose author or quote the event names by id only. */
  message(attendanceId: string, position: number): void;
}

export function applyAttendance(board: Board, names: Names, state: AttendanceState): Attendance | null {
  const known = board.row(state.id);
  if (!known || known.client.id !== state.client_id) return null;
  const attendant =
    known.attendant?.id === state.attendant_id ? known.attendant : names.attendant(state.attendant_id);
  const sector = known.sector.id === state.sector_id ? known.sector : names.sector(state.sector_id);
  const session = known.session.id === state.session_id ? known.session : names.session(state.session_id);
  if (attendant === undefined || !sector || !session) return null;
  const { client_id, session_id, sector_id, attendant_id, heard_at, ...rest } = state;
  const window_closes_at = movedWindow(known.window_closes_at, heard_at);
  return { ...known, ...rest, attendant, sector, session, window_closes_at };
}

/** The view of a message from its event; `null` when a name in it is not known here. */
export function applyMessage(board: Board, names: Names, message: EventMessage): Message | null {
  const author = message.author ? names.attendant(message.author.id) : null;
  if (author === undefined) return null;
  if (!message.quote) return { ...message, author, quote: null };
  const quoted = board.thread(message.attendance_id).items.find((one) => one.id === message.quote?.id);
  if (!quoted) return null;
  const { id, kind, text, direction } = quoted;
  return { ...message, author, quote: { id, kind, text, direction } };
}

const NEW_MESSAGE = new Set(["message.received.v1", "message.written.v1"]);
const AMENDED = new Set(["message.reacted.v1", "message.edited.v1", "message.revoked.v1"]);

export function applyEvent(board: Board, names: Names, fetch: Fetcher, event: LiveEvent): void {
  const { attendance: state, message } = event.payload;
  if (event.event === "client.typing.v1" && event.payload.attendance_id) {
    board.setTyping(event.payload.attendance_id, event.payload.typing === true);
  } else if (event.event === "message.delivery_changed.v1" && message) {
    // Its attendance may be stale: only the message counts.
    applyDelivery(board, message);
  } else if (event.event === "message.media_changed.v1" && message) {
    applyMedia(board, message);
  } else if (state && !isOurs(board, state)) {
    // The event tells us that it left; asking for it would be refused.
    board.forget(state.id);
  } else if (state) {
    const row = applyAttendance(board, names, state);
    if (row) board.put(message ? { ...row, last_message: preview(row, message) } : row);
    else fetch.attendance(state.id);
    // The score and its comment are not in the state.
    if (event.event === "attendance.rated.v1") fetch.attendance(state.id);
    if (message && NEW_MESSAGE.has(event.event)) applyNewMessage(board, names, fetch, message);
    if (message && event.event === "message.quote_found.v1") applyWhole(board, names, fetch, message);
    if (message && AMENDED.has(event.event)) applyAmendment(board, message);
  }
}

export function isOurs(board: Board, state: AttendanceState): boolean {
  const { status, attendant_id: attendantId, sector_id: sectorId } = state;
  return board.me !== null && maySee({ status, attendantId, sectorId }, board.me);
}

function applyNewMessage(board: Board, names: Names, fetch: Fetcher, message: EventMessage): void {
  const id = message.attendance_id;
  if (message.direction === "inbound") board.setTyping(id, false);
  if (!board.hasThread(id)) return;
  if (hasGap(board.thread(id).items, message.position)) fetch.tail(id);
  applyWhole(board, names, fetch, message);
}

function applyWhole(board: Board, names: Names, fetch: Fetcher, message: EventMessage): void {
  const id = message.attendance_id;
  if (!board.hasThread(id)) return;
  const whole = applyMessage(board, names, message);
  if (whole) board.putMessages(id, [whole]);
  else fetch.message(id, message.position);
}

/** Only what an amendment can change: who wrote it and what it quotes is known already. */
function applyAmendment(board: Board, message: EventMessage): void {
  const { attendance_id: id, kind, text, reactions, edited_at, revoked_at } = message;
  const known = board.thread(id).items.find((one) => one.id === message.id);
  if (known) board.putMessages(id, [{ ...known, kind, text, reactions, edited_at, revoked_at }]);
}

function applyDelivery(board: Board, message: EventMessage): void {
  const { attendance_id: id, delivery, failure, attempt } = message;
  const known = board.thread(id).items.find((one) => one.id === message.id);
  if (known) board.putMessages(id, [{ ...known, delivery, failure, attempt }]);
  const row = board.row(id);
  const isLast = row?.last_position === message.position;
  if (row?.last_message && isLast) board.put({ ...row, last_message: { ...row.last_message, delivery } });
}

/** Its file came, was converted, is missing, or was removed. */
function applyMedia(board: Board, message: EventMessage): void {
  const { attendance_id: id, kind, media } = message;
  const known = board.thread(id).items.find((one) => one.id === message.id);
  if (known) board.putMessages(id, [{ ...known, kind, media }]);
  const row = board.row(id);
  const isLast = row?.last_position === message.position;
  if (row?.last_message && isLast) board.put({ ...row, last_message: { ...row.last_message, kind } });
}

function preview(row: Attendance, message: EventMessage): Attendance["last_message"] {
  const { direction, kind, text, at, delivery } = message;
  if (message.position < row.last_position && row.last_message) return row.last_message;
  return { direction, kind, text: text.slice(0, PREVIEW), at, delivery };
}
