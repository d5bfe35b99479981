/* The pages of a batch by mouse and keys. Every change is a form of the page as well. */

const say = document.getElementById("batch-said");
const large = document.getElementById("batch-large");
const board = () => document.getElementById("board");
const pages = () => [...board().querySelectorAll("[data-page]")];
const pageOf = (node) => node?.closest?.("[data-page]");
const linkOf = (page) => page?.querySelector("[data-page-link]");
const numbered = (number) => board().querySelector(`[data-page="${number}"]`);
const rightToLeft = document.documentElement.dir === "rtl";

document.querySelectorAll("[data-for-keys]").forEach((button) => { button.hidden = false; });
let queue = Promise.resolve();

/* One change after the other: each knows the version that the one before it left behind. */
const change = (what, number, target) => {
  queue = queue.then(() => send(what, number, target)).catch(() => { say.classList.add("bad"); say.textContent = board().dataset.lost; });
  return queue;
};

const send = async (what, number, target) => {
  const body = new FormData();
  const token = document.querySelector("#cuts [name=csrfmiddlewaretoken]").value;
  body.set("csrfmiddlewaretoken", token);
  body.set("version", board().dataset.version);
  body.set("change", number ? `${what}:${number}` : what);
  if (target) body.set("target", target);
  const answer = await fetch(board().dataset.mend, { method: "POST", body });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  show(page, number);
};

const show = (page, number) => {
  const fresh = page.getElementById("board");
  if (!fresh) throw new Error("signed out");
  board().replaceWith(fresh);
  const told = page.getElementById("messages");
  document.getElementById("messages").replaceChildren();
  say.classList.toggle("bad", Boolean(told.querySelector(".warning, .error")));
  say.textContent = told.textContent.replace(/\s+/g, " ").trim();
  if (!number) return;
  const at = numbered(number);
  if (large.open) enlarge(at);
  else linkOf(at)?.focus({ preventScroll: true });
  at?.scrollIntoView({ block: "nearest" });
};

/* ---- the large picture */
const enlarge = (page) => {
  const link = linkOf(page);
  if (!link) return;
  const picture = large.querySelector("img");
  picture.src = link.href;
  picture.alt = link.getAttribute("aria-label");
  large.querySelector("[data-large-number]").textContent = page.dataset.page;
  large.dataset.at = page.dataset.page;
  large.querySelectorAll("[data-large-do]").forEach((button) => { button.disabled = !("mendable" in page.dataset); });
  if (!large.open) large.showModal();
};
const stepLarge = (by) => {
  const all = pages();
  const at = all.findIndex((page) => page.dataset.page === large.dataset.at);
  enlarge(all[Math.min(all.length - 1, Math.max(0, at + by))]);
};
const alongside = (key) => ({ ArrowRight: 1, ArrowLeft: -1 })[key] * (rightToLeft ? -1 : 1);

large.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (event.target === large || button?.matches("[data-large-close]")) large.close();
  if (button?.dataset.largeStep) stepLarge(Number(button.dataset.largeStep));
  if (button?.dataset.largeDo) change(button.dataset.largeDo, large.dataset.at);
});
large.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (alongside(event.key)) { event.preventDefault(); stepLarge(alongside(event.key)); }
  const turn = { r: "right", l: "left" }[event.key.toLowerCase()];
  if (turn && "mendable" in (numbered(large.dataset.at)?.dataset ?? {})) change(turn, large.dataset.at);
});
large.addEventListener("close", () => { linkOf(numbered(large.dataset.at))?.focus(); });

/* ---- keys on a page */
const plain = { s: "begin", m: "join", r: "right", l: "left" };
const changeFor = (event, page) => {
  const key = event.key.toLowerCase();
  if (key === "delete" || key === "backspace") return page.classList.contains("out") ? "take" : "drop";
  if (page.classList.contains("out")) return "";
  if (!event.altKey) return plain[key];
  const by = alongside(event.key) || { ArrowUp: -1, ArrowDown: 1 }[event.key];
  return by ? (by > 0 ? "later" : "earlier") : "";
};
const walk = (event, page) => {
  const by = alongside(event.key);
  if (!by) return;
  const all = pages();
  event.preventDefault();
  linkOf(all[all.indexOf(page) + by])?.focus();
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, select, textarea")) return;
  const isOpen = "open" in board().dataset;
  if (event.key.toLowerCase() === "u" && !event.altKey && isOpen) { event.preventDefault(); change("undo"); return; }
  const page = pageOf(event.target);
  if (!page) return;
  const what = "mendable" in page.dataset ? changeFor(event, page) : "";
  if (what) { event.preventDefault(); change(what, page.dataset.page); } else if (!event.altKey) walk(event, page);
});

/* ---- clicks: the buttons of the forms, without loading the page anew */
document.addEventListener("click", (event) => {
  const button = event.target.closest("#board [data-do]");
  if (button) { event.preventDefault(); change(button.dataset.do, pageOf(button).dataset.page); return; }
  const link = event.target.closest("#board [data-page-link]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); enlarge(pageOf(link)); }
});

/* ---- dragging a page to before or behind another */
let held = null;
const unmark = () => { document.querySelectorAll(".drop-before, .drop-after").forEach((one) => { one.classList.remove("drop-before", "drop-after"); }); };
const placeAt = (event, page) => {
  const box = page.getBoundingClientRect();
  return event.clientX < box.left + box.width / 2 !== rightToLeft ? "before" : "after";
};
document.addEventListener("dragstart", (event) => {
  held = event.target.closest?.("[data-page][draggable]");
  if (!held) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", held.dataset.page);
  held.classList.add("held");
});
document.addEventListener("dragover", (event) => {
  const page = held && pageOf(event.target);
  unmark();
  if (!page || page === held || !("mendable" in page.dataset)) return;
  event.preventDefault();
  page.classList.add(`drop-${placeAt(event, page)}`);
});
document.addEventListener("drop", (event) => {
  const page = held && pageOf(event.target);
  if (!page || page === held) return;
  event.preventDefault();
  change(placeAt(event, page), held.dataset.page, page.dataset.page);
});
document.addEventListener("dragend", () => {
  held?.classList.remove("held");
  held = null;
  unmark();
});
