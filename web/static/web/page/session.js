/* Takes a page out of sight when the session that it shows something of has ended, whichever window
   kept it or ended it: the office is asked, and keeps nothing alive by that. Where something was
   typed, the page stays in this window's memory and comes back with the session of the same person;
   otherwise the browser goes to what the office answers now. */

const box = document.getElementById("session-over");
const shown = Object.entries(JSON.parse(box.dataset.shown));
const LOOK = 20_000; // between two looks at the clock: a computer that slept is late at most by this
const EVERY = 60_000; // between two words that somebody works here
const title = document.title;
let kept = null; // the page, while it is out of sight
let typed = false;
let told = Date.now();
let ends = 0;
let timer = 0;

const setEnd = (all) => {
  const seconds = all.map((one) => one.seconds).filter((one) => one !== null);
  ends = seconds.length ? Date.now() + (Math.min(...seconds) + 1) * 1000 : Number.POSITIVE_INFINITY;
};

const hide = () => {
  if (kept) return;
  kept = [...document.body.childNodes];
  document.body.replaceChildren(box.content.cloneNode(true));
  document.querySelector("[data-again]").href = location.pathname + location.search;
  document.title = box.dataset.title;
};

const show = () => {
  if (!kept) return;
  document.body.replaceChildren(...kept);
  document.title = title;
  kept = null;
};

const leave = () => location.replace(location.pathname + location.search);

/* Return what is open in this browser; null where the office cannot be asked. */
const ask = async (here) => {
  try {
    const answer = await fetch(`${box.dataset.ask}${here ? "?here" : ""}`, { cache: "no-store" });
    return answer.ok && !answer.redirected ? await answer.json() : null;
  } catch {
    return null;
  }
};

const look = async ({ here = false } = {}) => {
  clearTimeout(timer);
  const open = await ask(here);
  const now = shown.map(([kind, one]) => ({ before: one.whose, now: open?.[kind] }));
  if (!open) {
    if (Date.now() >= ends) hide();
    timer = setTimeout(look, LOOK);
  } else if (now.every((one) => one.now?.whose === one.before)) {
    setEnd(now.map((one) => one.now));
    show();
    wait();
  } else {
    hide();
    if (!typed || now.some((one) => one.now && one.now.whose !== one.before)) leave();
  }
};

const wait = () => {
  clearTimeout(timer);
  const left = ends - Date.now();
  if (left <= 0) look();
  else timer = setTimeout(wait, Math.min(left, LOOK));
};

const note = () => {
  if (kept || Date.now() - told < EVERY) return;
  told = Date.now();
  look({ here: true });
};

for (const name of ["input", "change", "drop"]) document.addEventListener(name, () => { typed = true; }, true);
for (const name of ["keydown", "pointerdown"]) document.addEventListener(name, note, true);
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
addEventListener("pageshow", (event) => { if (event.persisted) look(); });
new BroadcastChannel("sessions").addEventListener("message", ({ data }) => { if (kept || data === "out") look(); });
setEnd(shown.map(([, one]) => one));
wait();
