/* The sheet of a field team. Each form becomes an entry that is kept on the phone first and sent
   then, at once or when the network is back. Without this file the forms are sent as any other. */

import { drop, put, send, waiting } from "./outbox.js";
import { drawing } from "./signature.js";

const field = document.getElementById("field");
const words = JSON.parse(document.getElementById("field-words").textContent);
const box = document.getElementById("field-waits");
const { person, token, sync, worker } = field.dataset;
const orderOf = (path) => path.match(/\/field\/([0-9a-f-]{36})\//)?.[1] || "";
const plural = new Intl.PluralRules(document.documentElement.lang || "fr");
const LARGEST = 2000; // pixels: a photo of a pipe needs no more, and a weak network takes it

const smaller = async (file) => {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LARGEST / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < 1_000_000) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => { canvas.toBlob((blob) => resolve(blob || file), "image/jpeg", 0.85); });
  } catch {
    return file; // a kind of picture that this browser cannot draw goes as it is
  }
};

const says = ({ kind, data }) => {
  const said = data.caption || data.what || data.value || data.text || data.name || data.remark || data.label || "";
  return said ? `${words.kinds[kind]} · ${said}` : words.kinds[kind];
};

/* Show what waits: how many, which, and what was refused; ticks stand as they were tapped. */
const show = async ({ signIn = false } = {}) => {
  const all = await waiting();
  const mine = all.filter((entry) => entry.by === person);
  box.hidden = !all.length;
  const count = mine.length;
  const form = words.waiting[plural.select(count)] || words.waiting.other;
  box.querySelector("[data-count]").textContent = count ? form.replace("{n}", count) : "";
  box.querySelector("[data-sign-in]").hidden = !signIn;
  box.querySelector("[data-others]").hidden = all.length === count;
  const list = box.querySelector("[data-list]");
  list.replaceChildren(...mine.map((entry) => {
    const row = box.querySelector("template").content.cloneNode(true);
    row.querySelector("[data-said]").textContent = says(entry);
    row.querySelector("[data-problem]").textContent = entry.problem || "";
    const button = row.querySelector("[data-drop]");
    button.hidden = !entry.problem;
    button.dataset.drop = entry.id;
    return row;
  }));
  const here = orderOf(location.pathname);
  for (const entry of mine) if (entry.kind === "check" && entry.order === here) tick(entry.data);
};

const tick = ({ code, done }) => {
  for (const form of document.querySelectorAll("form[data-entry=check]")) {
    if (form.elements.code.value !== code) continue;
    form.querySelector(".field-tick").setAttribute("aria-pressed", String(done));
    form.elements.done.value = done ? "no" : "yes";
  }
};

/* After entries were taken: what the office now has, without losing what is being typed. */
const refresh = async () => {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-fresh]")) {
    const fresh = page.getElementById(old.id);
    if (fresh) old.replaceWith(document.adoptNode(fresh));
  }
};

const flush = async () => {
  let told = {};
  try {
    told = await send({ person, token, sync });
    if (told.taken) await refresh();
  } catch { /* no network: what waits stays, and is sent when it is back */ }
  await show(told);
  if (told.taken) keep();
};

const valuesOf = (form, button) => {
  const value = (name) => form.elements[name]?.value.trim() ?? "";
  const kind = form.dataset.entry;
  const data = {
    start: () => ({}),
    check: () => ({ code: value("code"), done: form.elements.done.value === "yes", label: form.querySelector("bdi").textContent }),
    photo: () => ({ caption: value("caption") }),
    part: () => ({ what: value("what"), quantity: value("quantity") }),
    index: () => ({ value: value("value"), serial: value("serial") }),
    note: () => ({ text: value("text") }),
    sign: () => ({ name: value("name") }),
    end: () => ({ done: button?.value === "yes", remark: value("remark") }),
  };
  return data[kind]();
};

const pictureOf = async (form) => {
  const drawn = form.dataset.entry === "sign" && drawing(form);
  if (drawn) return drawn.blob();
  const chosen = form.elements.file?.files[0];
  return chosen ? smaller(chosen) : null;
};

const enter = async (form, button) => {
  const kind = form.dataset.entry;
  const picture = await pictureOf(form);
  if (!picture && (kind === "photo" || kind === "sign")) return;
  const entry = {
    id: crypto.randomUUID(), order: orderOf(form.action), kind, by: person,
    data: valuesOf(form, button), made_at: new Date().toISOString(),
  };
  if (picture) Object.assign(entry, { file: picture, name: `${kind}.${picture.type === "image/png" ? "png" : "jpg"}` });
  await put(entry);
  if (kind === "check") tick(entry.data);
  else if (kind !== "start" && kind !== "end" && kind !== "index") form.reset();
  form.elements.file?.dispatchEvent(new Event("change")); // the page names the chosen file
  drawing(form)?.clear();
  await show();
  await flush();
};

/* Have the worker keep this page, the orders it names, and what they are shown with. */
const keep = async () => {
  const registration = await navigator.serviceWorker.ready;
  const orders = [...document.querySelectorAll("a[data-keep]")].map((link) => link.href);
  const loaded = performance.getEntriesByType("resource").map((one) => one.name);
  const own = loaded.filter((one) => one.startsWith(`${location.origin}/static/`) || one.startsWith(`${location.origin}/portal/`));
  const list = new URL("/field/", location.origin).href;
  const pages = orderOf(location.pathname) ? [list, location.href] : [list, ...orders];
  registration.active?.postMessage({ person, keep: [...new Set([...pages, ...own, `${location.origin}/static/web/field/signature.js`])] });
};

const begin = async () => {
  const [list] = document.querySelectorAll("form[data-entry=sign]");
  if (list) drawing(list)?.show();
  document.addEventListener("submit", (event) => {
    if (!event.target.dataset.entry) return;
    event.preventDefault();
    enter(event.target, event.submitter);
  });
  box.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-drop]");
    if (!button || !window.confirm(button.dataset.ask)) return;
    await drop(button.dataset.drop);
    await show();
  });
  window.addEventListener("online", flush);
  setInterval(() => { if (!box.hidden) flush(); }, 20_000);
  await flush();
  navigator.serviceWorker.addEventListener("message", () => { document.body.dataset.kept = "yes"; });
  await navigator.serviceWorker.register(worker, { scope: "/field/" });
  await keep();
};

if (window.isSecureContext && "serviceWorker" in navigator && "indexedDB" in window) begin();
