// This browser's registration for pushes: asked for by a click, forgotten by another, or when somebody signs out.
import { api } from "./api";
import type { PushSettings } from "./api/types";
import type { Language } from "./i18n";

const STORED = "helpdesk.device";

export function canPush(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** The id under which the server knows this browser. */
export function ownDevice(): string | null {
  return localStorage.getItem(STORED);
}

/** Resolves to whether the person allowed it. */
export async function startPush(settings: PushSettings, locale: Language): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") return false;
  await navigator.serviceWorker.register("/sw.js", { scope: "/" });
  const worker = await navigator.serviceWorker.ready;
  // One that was made for another key of the server is of no use.
  await (await worker.pushManager.getSubscription())?.unsubscribe();
  const reached = await (settings.kind === "firebase" ? byFirebase : byWebPush)(settings, worker);
  const device = await api.addDevice({ ...reached, name: browserName(), locale });
  localStorage.setItem(STORED, device.id);
  return true;
}

async function byWebPush(settings: PushSettings, { pushManager }: ServiceWorkerRegistration) {
  const options = { userVisibleOnly: true, applicationServerKey: settings.key };
  const { endpoint = "", keys = {} } = (await pushManager.subscribe(options)).toJSON();
  return { target: endpoint, key: keys.p256dh ?? "", auth: keys.auth ?? "" };
}

async function byFirebase({ app, key }: PushSettings, worker: ServiceWorkerRegistration) {
  const { installation } = await import("./push-firebase");
  return { target: await installation({ app, vapidKey: key, serviceWorkerRegistration: worker }) };
}

export async function stopPush(): Promise<void> {
  const device = ownDevice();
  if (!device) return;
  localStorage.removeItem(STORED);
  const registration = await navigator.serviceWorker.getRegistration("/");
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
  await api.removeDevice(device);
}

export function browserName(agent: string = navigator.userAgent): string {
  const browser = /(Edg|Firefox|OPR|Chrome|Safari)[a-zA-Z]*\//.exec(agent)?.[1] ?? "?";
  const system = /(Android|iPhone|iPad|Windows|Mac OS|Linux)/.exec(agent)?.[1] ?? "?";
  return `${browser}, ${system}`;
}
