/* Keeps counts, reading and presence of the open page fresh, by server-sent events; where those fail,
   by asking every now and then. Without it a page shows what was true when it was made. */

const address = new URL(document.body.dataset.live, location.origin);
const presence = document.getElementById("presence");
const said = document.querySelector("[data-bell-said]");
const POLL = 20_000;
let source = null;
let timer = 0;
let busy = false;

if (presence) address.searchParams.set("letter", presence.dataset.letter);

const badge = (link, count) => {
  let mark = link.querySelector(".waiting");
  if (!mark && count) {
    mark = document.createElement("b");
    mark.className = "waiting";
    link.append(mark);
  }
  if (!mark) return;
  mark.hidden = !count;
  mark.textContent = count || "";
};

const showCounts = (counts) => {
  for (const [path, count] of Object.entries(counts)) {
    if (path === "/notifications/") continue;
    document.querySelectorAll(`.rail nav a[href="${CSS.escape(path)}"]`).forEach((link) => { badge(link, count); });
  }
  const bell = document.querySelector("[data-bell]");
  const unread = counts["/notifications/"] || 0;
  if (bell) {
    if (said && unread > Number(bell.dataset.bell)) said.textContent = `${bell.dataset.words} ${unread}`;
    bell.dataset.bell = unread;
    badge(bell, unread);
  }
  const more = document.querySelector(".rest summary");
  if (!more) return;
  const inBar = new Set([...document.querySelectorAll(".rail .bar a")].map((link) => link.getAttribute("href")));
  const behind = [...document.querySelectorAll(".rail .groups a")].filter((link) => !inBar.has(link.getAttribute("href")));
  badge(more, behind.reduce((sum, link) => sum + (Number(counts[link.getAttribute("href")]) || 0), 0));
};

const showOthers = (names) => {
  if (!presence) return;
  presence.hidden = !names.length;
  const list = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" });
  presence.querySelector("[data-names]").textContent = list.format(names.map((name) => `\u2068${name}\u2069`));
};

const showReading = (reading) => {
  if (busy || reading.busy) document.body.dispatchEvent(new CustomEvent("live-reading"));
  busy = reading.busy;
};

const shows = { counts: showCounts, others: showOthers, reading: showReading };

const poll = async () => {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (answer.status === 204 || answer.redirected) return;  // not wanted, or signed out
    if (answer.ok) {
      const told = await answer.json();
      for (const [name, show] of Object.entries(shows)) if (told[name]) show(told[name]);
    }
  } catch { /* away for now */ }
  timer = setTimeout(poll, POLL);
};

const stop = () => {
  source?.close();
  source = null;
  clearTimeout(timer);
};

const start = () => {
  stop();
  if (!("EventSource" in window)) { poll(); return; }
  source = new EventSource(address);
  for (const [name, show] of Object.entries(shows)) source.addEventListener(name, (event) => { show(JSON.parse(event.data)); });
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return;  // it ended, and is asked for again by itself
    stop();
    timer = setTimeout(poll, POLL);
  });
};

document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); else start(); });
addEventListener("pagehide", stop);
addEventListener("pageshow", (event) => { if (event.persisted && !document.hidden) start(); });
if (!document.hidden) start();
