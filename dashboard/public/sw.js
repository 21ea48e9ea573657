// Shows what is pushed while no dashboard is open, and opens the attendance on a click. It keeps no files.
const WORDS = {
  "pt-BR": { message: "Nova mensagem", attendance: "Novo atendimento" },
  en: { message: "New message", attendance: "New attendance" },
  es: { message: "Mensaje nuevo", attendance: "Atención nueva" },
};
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function show(notice) {
  const words = WORDS[notice.locale] ?? WORDS.en;
  const news = words[notice.kind] ?? words.message;
  return self.registration.showNotification(notice.name || news, {
    body: notice.name ? notice.text || news : "",
    lang: notice.locale,
    icon: "/icon.svg",
    // One for each attendance: a newer one takes its place, and is heard again.
    tag: notice.attendance,
    renotify: true,
    data: { url: ID.test(notice.attendance) ? `/inbox/${notice.attendance}` : "/inbox" },
  });
}

async function open(url) {
  const [window] = await self.clients.matchAll({ type: "window" });
  if (!window) return self.clients.openWindow(url);
  await window.navigate(url);
  return window.focus();
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("push", (event) => {
  const pushed = event.data.json();
  // Firebase wraps what it passes on.
  event.waitUntil(show(pushed.data ?? pushed));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.url));
});
