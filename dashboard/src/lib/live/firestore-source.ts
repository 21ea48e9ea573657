// Firebase's libraries, as far as listening needs them. Loaded only where the server says so.
import { deleteApp, type FirebaseApp, initializeApp } from "@firebase/app";
import { type Auth, connectAuthEmulator, initializeAuth, signInWithCustomToken } from "@firebase/auth";
import {
  collection,
  type DocumentData,
  type Firestore,
  initializeFirestore,
  onSnapshot,
  orderBy,
  query,
  Timestamp,
  where,
} from "@firebase/firestore";
import type { Me } from "../api/types";
import type { LiveEvent } from "./types";

export type Firebase = NonNullable<Me["firebase"]>;

export interface Heard {
  /** What is there and was not told before. */
  events: LiveEvent[];
  /** Whether the server said so itself, just now. */
  synced: boolean;
}

/** Where events come from, so that tests can say what they like. */
export interface Source {
  signIn(token: string): Promise<void>;
  /** Ends with what is returned, or with `failed`. */
  listen(feed: string, since: number, heard: (it: Heard) => void, failed: () => void): () => void;
  close(): void;
}

let opened = 0;

export class FirestoreSource implements Source {
  private readonly app: FirebaseApp;
  private readonly auth: Auth;
  private readonly store: Firestore;

  constructor({ project, api_key, auth_url, firestore_url }: Firebase) {
    opened += 1;
    const app = initializeApp({ projectId: project, apiKey: api_key }, `live ${opened}`);
    this.app = app;
    // Who we are is kept nowhere: the server says it anew.
    this.auth = initializeAuth(app);
    if (auth_url) connectAuthEmulator(this.auth, auth_url, { disableWarnings: true });
    const url = firestore_url ? new URL(firestore_url) : null;
    this.store = initializeFirestore(app, url ? { host: url.host, ssl: url.protocol === "https:" } : {});
  }

  async signIn(token: string): Promise<void> {
    await signInWithCustomToken(this.auth, token);
  }

  listen(feed: string, since: number, heard: (it: Heard) => void, failed: () => void): () => void {
    const events = collection(this.store, "feeds", feed, "events");
    const wanted = query(events, where("cursor", ">", since), orderBy("cursor"));
    return onSnapshot(
      wanted,
      // Without the metadata nobody would be told that what is shown is not live any more.
      { includeMetadataChanges: true },
      (found) => {
        const added = found.docChanges().filter((it) => it.type === "added");
        heard({ events: added.map((it) => eventOf(it.doc.data())), synced: !found.metadata.fromCache });
      },
      failed,
    );
  }

  close(): void {
    void deleteApp(this.app).catch(() => {});
  }
}

function eventOf(it: DocumentData): LiveEvent {
  return { cursor: String(it.cursor), event: it.event, at: plain(it.at), payload: plain(it.payload) };
}

/** Times as the API writes them. */
// biome-ignore lint/suspicious/noExplicitAny: whatever is in a document
function plain(it: any): any {
  if (it instanceof Timestamp) return it.toDate().toISOString();
  if (Array.isArray(it)) return it.map(plain);
  if (typeof it !== "object" || it === null) return it;
  return Object.fromEntries(Object.entries(it).map(([name, value]) => [name, plain(value)]));
}
