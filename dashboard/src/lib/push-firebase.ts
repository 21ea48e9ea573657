// Registration with Firebase Cloud Messaging. Loaded only where the server pushes by it.
import { initializeApp } from "@firebase/app";
import { getMessaging, onRegistered, register, unregister } from "@firebase/messaging";

export interface FirebasePush {
  app: Record<string, string>;
  vapidKey: string;
  serviceWorkerRegistration: ServiceWorkerRegistration;
}

/** Resolves to this installation's id: what the server writes to. */
export async function installation({ app, ...options }: FirebasePush): Promise<string> {
  const messaging = getMessaging(initializeApp(app, "push"));
  // It remembers for a week that it registered, though the subscription may be another one by now.
  await unregister(messaging).catch(() => {});
  return new Promise((resolve, reject) => {
    onRegistered(messaging, resolve);
    register(messaging, options).catch(reject);
  });
}
