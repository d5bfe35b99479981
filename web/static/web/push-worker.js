/* Shows what the office pushes: one line, and where a click leads. It keeps and fetches nothing. */

self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : {};
  event.waitUntil(self.registration.showNotification(told.title || "Sijill", {
    tag: told.tag,
    lang: told.lang,
    dir: "auto",
    data: { url: told.url },
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const wanted = new URL(event.notification.data?.url || "/notifications/", self.location.origin);
  if (wanted.origin !== self.location.origin) return;
  event.waitUntil(self.clients.openWindow(wanted.href));
});
