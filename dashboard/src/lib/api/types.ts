// The views of the HTTP API, in the names of the glossary; the shapes are generated from docs/openapi.json.
import type { components } from "./schema.gen";

type Schemas = components["schemas"];

export type Role = Schemas["Role"];
export type Delivery = Schemas["Delivery"];
export type Direction = Schemas["Direction"];
export type AttendanceStatus = Schemas["Status"];
export type SessionState = Schemas["SessionState"];

export type Named = Schemas["NamedOut"];
export type ClientRef = Schemas["ClientRefOut"];
export type Quote = Schemas["QuoteOut"];
export type Message = Schemas["MessageOut"];
export type Media = Schemas["MediaOut"];
export type MediaKind = Schemas["MediaKind"];
export type Location = Schemas["Location"];
export type ContactCard = Schemas["ContactCard"];
export type Template = Schemas["TemplateOut"];
export type TemplateChoice = Schemas["TemplateBody"];
export type Step = Schemas["StepOut"];
export type LastMessage = Schemas["LastMessageOut"];
export type Attendance = Schemas["AttendanceOut"];
export type Change = Schemas["ChangeOut"];
export type Merge = Schemas["MergeOut"];
export type Client = Schemas["ClientOut"];
export type Attendant = Schemas["AttendantOut"];
export type Sector = Schemas["SectorOut"];
export type Session = Schemas["SessionOut"];
export type Capabilities = Schemas["CapabilitiesOut"];
export type Bridge = Schemas["BridgeOut"];
export type Outage = Schemas["OutageOut"];
export type PairCode = Schemas["PairCodeOut"];
export type NewSession = Schemas["SessionBody"];
export type PushSettings = Schemas["PushOut"];
export type Device = Schemas["DeviceOut"];
export type NewDevice = Schemas["DeviceBody"];
export type Me = Schemas["MeOut"];
export type Presence = Schemas["PresenceOut"];
export type LiveToken = Schemas["LiveTokenOut"];
export type Counts = Schemas["CountsOut"];
export type Letter = Schemas["LetterOut"];
export type LetterWithBody = Schemas["LetterWithBodyOut"];
export type DeathReason = Schemas["DeathReason"];
export type Replayed = Schemas["ReplayedOut"];
export type Found = Schemas["FoundOut"];

export type Reply = Schemas["ReplyBody"];
export type NewAttendance = Schemas["OpenBody"];
export type NewAttendant = Schemas["AttendantBody"];
export type SectorChange = Schemas["SectorChangeBody"];
export type NewSector = Schemas["SectorBody"];
export type TransferTarget = Schemas["TransferBody"];

export type PhoneMessage = Schemas["PhoneMessageOut"];
export type PhonePage = Schemas["ConversationOut"];
export type PhonePerson = Schemas["PhoneLineOut"];
export type LineState = Schemas["NetworkOut"];
export type LineChange = Schemas["NetworkBody"];

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** `next` is the position to pass as `before`. */
export type MessagePage = Page<Message>;
