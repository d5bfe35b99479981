/* The command palette: Ctrl-K leads to a place, a letter, a person by some letters of the name.
   All it leads to can be reached without it. */

import { secondsAfter, USUAL } from "../retry-after.js";
import { markOption, option } from "./options.js";

const dialog = document.getElementById("palette");
const box = dialog.querySelector("input");
const list = dialog.querySelector("[role=listbox]");
const said = dialog.querySelector("[role=status]");
const WAIT = 160;
const MOST_TRIES = 5;
const MOST_CONTACTS = 4;
const answers = new Map();

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[أإآ]/g, "ا").toLocaleLowerCase();
const places = [...document.querySelectorAll(".rail [data-keys], .rail .who-more a[href]")].map((link) => ({
  called: dialog.dataset.place,
  text: link.querySelector("span").textContent,
  note: link.dataset.keys || "",
  url: link.href,
}));
const contacts = places.find((place) => new URL(place.url).pathname === "/contacts/");

let shown = [];
let at = -1;
let timer = 0;
let asking = null;

const mark = (next) => {
  at = next;
  markOption(list, box, at);
};

const show = (found, chosen = 0) => {
  shown = found;
  list.replaceChildren(...found.map((one, index) => option(`palette-${index}`, one, one.text)));
  box.setAttribute("aria-expanded", String(found.length > 0));
  said.textContent = found.length ? `${found.length} ${dialog.dataset.some}` : dialog.dataset.none;
  mark(found.length ? chosen : -1);
};

const placesFor = (words) => places.filter((place) => fold(place.text).includes(fold(words)));
const furtherFor = (words) => {
  const query = new URLSearchParams({ q: words });
  const found = dialog.dataset.search ? [{ called: dialog.dataset.letters, text: words, url: `${dialog.dataset.search}?${query}` }] : [];
  if (contacts) found.push({ called: contacts.text, text: words, url: `${contacts.url}?${query}` });
  return found;
};
const all = (words, found) => [...placesFor(words), ...found, ...furtherFor(words)];

const showLater = (found) => {  // what is chosen by then stays chosen
  if (JSON.stringify(found) === JSON.stringify(shown)) return;
  const chosen = at > 0 ? found.findIndex((one) => one.url === shown[at].url) : 0;
  show(found, Math.max(0, chosen));
};

class NotNow extends Error {
  constructor(seconds) {
    super("not now");
    this.seconds = seconds;
  }
}

const get = async (address, words, options) => {
  const answer = await fetch(`${address}?${new URLSearchParams({ q: words })}`, options).catch(() => { throw new NotNow(USUAL); });
  if (answer.status === 429 || answer.status === 503) throw new NotNow(secondsAfter(answer));
  if (!answer.ok) throw new Error(answer.statusText);
  return answer;
};

const suggestionsFor = async (words, signal) => {
  if (!dialog.dataset.suggest) return [];
  const answer = await get(dialog.dataset.suggest, words, { signal, headers: { Accept: "application/json" } });
  return (await answer.json()).suggestions;
};

const contactsFor = async (words, signal) => {  // the first rows of the directory's own page
  if (!contacts || words.length < 3) return [];
  const answer = await get(contacts.url, words, { signal });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...page.querySelectorAll("main [data-row] a.subject")].slice(0, MOST_CONTACTS)
    .map((link) => ({ called: contacts.text, text: link.textContent.trim(), url: link.getAttribute("href") }));
};

const sources = [suggestionsFor, contactsFor];

const ask = async (tries = MOST_TRIES, known = []) => {  // `known`: what each source has answered
  const words = box.value.trim();
  if (words.length < 2 || answers.has(words)) return;
  const mine = new AbortController();
  asking = mine;
  const settled = await Promise.allSettled(sources.map((source, index) => known[index] ?? source(words, mine.signal)));
  if (mine !== asking) return;
  const waits = settled.flatMap((one) => one.reason?.seconds ?? []);
  const found = settled.map((one) => one.value ?? (one.reason.seconds ? undefined : []));
  if (settled.every((one) => one.status === "fulfilled")) answers.set(words, found.flat());
  else if (waits.length && tries) timer = setTimeout(() => ask(tries - 1, found), Math.max(...waits) * 1000);
  showLater(all(words, found.flatMap((one) => one ?? [])));
};

const stop = () => {
  clearTimeout(timer);
  asking?.abort();
  asking = null;
};

const go = (one) => {
  if (!one) return;
  dialog.close();
  location.assign(one.url);
};
const turn = (by) => mark((at + by + shown.length) % shown.length);

box.addEventListener("input", () => {  // places at once, so that Enter never opens what stood there before
  const words = box.value.trim();
  stop();
  show(words ? all(words, answers.get(words) || []) : places);
  timer = setTimeout(() => ask(), WAIT);
});
box.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if ((event.key === "ArrowDown" || event.key === "ArrowUp") && shown.length) {
    event.preventDefault();
    turn(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    go(shown[at]);
  }
});
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const item = event.target.closest("li");
  if (item) go(shown[[...list.children].indexOf(item)]);
});
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
dialog.addEventListener("close", stop);

export const openPalette = () => {
  if (dialog.open) return;
  box.value = "";
  show(places);
  dialog.showModal();
  box.focus();
};
