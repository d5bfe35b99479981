/* Keeps the team's sheet for when there is no network: the list, today's and tomorrow's orders, and
   what they need to be shown. It answers from the network where there is one. What is entered is not
   its business: that waits in the page's own database (outbox.js). */

const PREFIX = "field-sheet-";
const PATIENCE = 4000; // milliseconds after which a page that is kept is shown instead
let name = "";

const kept = async () => {
  if (!name) name = (await caches.keys()).find((one) => one.startsWith(PREFIX)) || "";
  return name ? caches.open(name) : null;
};
const forget = async () => {
  name = "";
  const all = await caches.keys();
  await Promise.all(all.filter((one) => one.startsWith(PREFIX)).map((one) => caches.delete(one)));
};
const isSheet = (url) => /^\/field\/([0-9a-f-]{36}\/)?$/.test(url.pathname);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const take = async (address) => {
  const store = await kept();
  if (!store) return;
  const answer = await fetch(address, { credentials: "same-origin" });
  if (answer.ok && !answer.redirected) await store.put(address, answer);
};

self.addEventListener("message", (event) => {
  const { person, keep } = event.data || {};
  if (!person) return;
  const wanted = PREFIX + person;
  const work = async () => {
    // A phone that another person signed in on holds nothing of the one before.
    const all = await caches.keys();
    await Promise.all(all.filter((one) => one.startsWith(PREFIX) && one !== wanted).map((one) => caches.delete(one)));
    name = wanted;
    await caches.open(name);
    await Promise.allSettled(keep.map(take));
    event.source?.postMessage({ kept: keep.length });
  };
  event.waitUntil(work());
});

const stored = async (request) => {
  const store = await kept();
  return store ? store.match(request, { ignoreVary: true }) : undefined;
};

const ask = async (request, url) => {
  const answer = await fetch(request);
  // Sent to the log-in: nobody is signed in here, and nobody's orders stay on this device.
  if (isSheet(url) && (answer.redirected || answer.status === 401 || answer.type === "opaqueredirect")) await forget();
  else if (answer.ok) {
    const store = await kept();
    if (store && (isSheet(url) || (await store.match(request, { ignoreVary: true })))) await store.put(request, answer.clone());
  }
  return answer;
};

const answered = async (request, url) => {
  const network = ask(request, url);
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  try {
    const first = await Promise.race([network, late]);
    return first || (await stored(request)) || (await network);
  } catch (error) {
    network.catch(() => {});
    const copy = await stored(request);
    if (copy) return copy;
    throw error;
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const asset = url.pathname.startsWith("/static/") || url.pathname.startsWith("/portal/");
  if (isSheet(url) || asset) event.respondWith(answered(request, url));
});
