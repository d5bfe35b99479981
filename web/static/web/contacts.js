/* Contacts of the directory while a sender or an addressee is typed: arrows choose, Enter fills in
   the fields beside. The fields work without this file. */

import { markOption, option } from "./page/options.js";

const WAIT = 160;
const SHORTEST = 2;
const NAMED = /^(?<prefix>sender_|to_)(?:name|organisation)$/;
const FIELDS = ["email", "phone", "address"];
const say = document.body.dataset;
const answers = new Map();

const list = document.createElement("ul");
const said = document.createElement("p");
Object.assign(list, { id: "contact-suggestions", className: "suggestions contact-suggestions", hidden: true });
list.setAttribute("role", "listbox");
said.className = "hidden";
said.setAttribute("role", "status");

let box = null;     // the field that is typed in
let shown = [];
let at = -1;
let timer = 0;
let asking = null;
let filling = false;

const wanted = (node) => node.matches?.("input") && (NAMED.test(node.name) || node.dataset.contact);

const close = () => {
  clearTimeout(timer);
  asking?.abort();
  asking = null;
  at = -1;
  list.hidden = true;
  box?.setAttribute("aria-expanded", "false");
  box?.removeAttribute("aria-activedescendant");
};

const prepare = (field) => {
  if (field.getAttribute("role") === "combobox") return;
  const about = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-haspopup": "listbox" };
  for (const [name, value] of Object.entries(about)) field.setAttribute(name, value);
};

const mark = (next) => {
  at = next;
  markOption(list, box, at);
};

const show = (found) => {
  shown = found;
  list.replaceChildren(...found.map((one, index) => option(`contact-suggestion-${index}`, one, one.name)));
  list.setAttribute("aria-label", box.labels[0]?.textContent.trim() || "");
  box.parentElement.classList.add("suggests");
  box.after(list, said);
  list.hidden = !found.length;
  if (found.length) list.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-expanded", String(found.length > 0));
  said.textContent = found.length ? `${found.length} ${say.contactsSome}` : say.contactsNone;
  mark(-1);
};

const ask = async () => {
  const words = box.value.trim();
  const field = box;
  if (words.length < SHORTEST) { close(); return; }
  if (answers.has(words)) { show(answers.get(words)); return; }
  const mine = new AbortController();
  asking?.abort();
  asking = mine;
  try {
    const answer = await fetch(`${say.contacts}?${new URLSearchParams({ q: words })}`, { signal: mine.signal, headers: { Accept: "application/json" } });
    if (!answer.ok || mine !== asking) return;
    const found = (await answer.json()).contacts;
    answers.set(words, found);
    if (document.activeElement === field && field.value.trim() === words) show(found);
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
};

const put = (field, value) => {
  if (!field || field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

const fillRow = (prefix, one) => {
  const row = box.closest("fieldset:has([name=to_name])") || box.form;
  const field = (name) => row.querySelector(`[name="${prefix}${name}"]`);
  const body = one.kind === "organisation";
  const [mine, other] = body ? ["organisation", "name"] : ["name", "organisation"];
  if (box === field(other)) put(box, "");
  put(field(mine), one.name);
  for (const name of FIELDS) {  // what somebody typed stays
    const target = field(name);
    if (!target || (target.value && target.value !== target.dataset.filled)) continue;
    put(target, one.fields[name]);
    target.dataset.filled = one.fields[name];
  }
  field(mine)?.focus();
};

const fill = (one) => {
  const prefix = NAMED.exec(box.name)?.groups.prefix;
  filling = true;
  if (prefix) fillRow(prefix, one);
  else if (box.dataset.contact === "address") put(box, (box.form.elements.method?.value === "email" ? one.fields.email : one.fields.address) || one.name);
  else put(box, one.name);
  filling = false;
  close();
};

const keys = {
  ArrowDown: () => mark(at + 1 >= shown.length ? 0 : at + 1),
  ArrowUp: () => mark(at <= 0 ? shown.length - 1 : at - 1),
  Escape: close,
};

document.addEventListener("focusin", (event) => {
  if (!wanted(event.target)) return;
  if (box !== event.target) close();
  box = event.target;
  prepare(box);
});
document.addEventListener("input", (event) => {
  if (filling || !wanted(event.target)) return;
  box = event.target;
  prepare(box);
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
});
window.addEventListener("keydown", (event) => {  // before the keys of the page
  if (list.hidden || event.target !== box || event.isComposing) return;
  if (event.key === "Tab") { close(); return; }
  const chosen = event.key === "Enter" && at >= 0;
  if (!chosen && !keys[event.key]) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (chosen) fill(shown[at]);
  else keys[event.key]();
}, true);
document.addEventListener("focusout", (event) => { if (event.target === box) close(); });
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const item = event.target.closest("li");
  if (item) fill(shown[[...list.children].indexOf(item)]);
});
document.querySelectorAll("input").forEach((field) => { if (wanted(field)) prepare(field); });
