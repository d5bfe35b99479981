/* The check page: facts by keys, each with its place on the page's picture, and the next letter.
   Without this file the page is a plain form. */

import { waitFor } from "./waiting-picture.js";

(() => {
  document.documentElement.classList.add("js");
  const find = (id) => document.getElementById(id);
  const form = find("check"), facts = find("facts"), paper = find("paper");
  const view = find("window"), sheet = find("sheet"), picture = find("picture"), boxes = find("boxes");
  const rects = [...boxes.querySelectorAll("rect")];
  const holders = [...paper.querySelectorAll("[data-document]")];
  let at = paper.dataset.at, zoom = 1, sending = false;

  /* ---- the pages */
  const address = (key) => { const [pk, number] = key.split("/"); return `${paper.dataset.pictures}${pk}/pages/${number}.webp?w=1400`; };
  const holderOf = (key) => holders.find((node) => node.dataset.document === key.split("/")[0]);
  const turnTo = (key) => {
    const holder = holderOf(key);
    if (!holder || key === at) return;
    at = key;
    const number = Number(key.split("/")[1]), total = Number(holder.dataset.total), pictured = Boolean(holder.dataset.pictured);
    sheet.hidden = !pictured;
    if (pictured) picture.src = address(key); else picture.removeAttribute("src");
    paper.querySelectorAll("[data-text]").forEach((text) => { text.hidden = pictured || text.dataset.text !== key; });
    rects.forEach((rect) => { rect.classList.toggle("away", rect.dataset.at !== key); });
    holders.forEach((node) => { if (node === holder) node.setAttribute("aria-current", "page"); else node.removeAttribute("aria-current"); });
    find("page-number").textContent = number;
    find("page-total").textContent = total;
    find("pager").hidden = total < 2;
    view.scrollTo(0, 0);
  };
  const turnBy = (by) => {
    const [pk, number] = at.split("/"), next = Number(number) + by;
    if (next >= 1 && next <= Number(holderOf(at).dataset.total)) turnTo(`${pk}/${next}`);
  };
  const setZoom = (next) => {
    const old = zoom, across = view.scrollLeft + view.clientWidth / 2, down = view.scrollTop + view.clientHeight / 2;
    zoom = Math.min(5, Math.max(1, next));
    sheet.style.inlineSize = `${zoom * 100}%`;
    view.classList.toggle("far", zoom > 1);
    view.scrollTo(across * zoom / old - view.clientWidth / 2, down * zoom / old - view.clientHeight / 2);
  };
  const zooms = { in: () => setZoom(zoom * 1.35), out: () => setZoom(zoom / 1.35), fit: () => setZoom(1) };
  const show = (box) => {  // scroll the window so that the box stands in it
    const inner = box.getBoundingClientRect(), outer = view.getBoundingClientRect();
    if (inner.top >= outer.top + 8 && inner.bottom <= outer.bottom - 8 && inner.left >= outer.left && inner.right <= outer.right) return;
    view.scrollBy({ left: (inner.left + inner.right - outer.left - outer.right) / 2, top: (inner.top + inner.bottom - outer.top - outer.bottom) / 2 });
  };
  const markText = (words) => {  // on a page that is text alone
    if (!window.CSS || !CSS.highlights) return;
    CSS.highlights.delete("fact");
    const text = paper.querySelector("[data-text]:not([hidden])"), node = text?.firstChild;
    const wanted = words.split(/\s+/).filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
    const found = node && wanted && new RegExp(wanted).exec(node.data);
    if (!found) return;
    const range = new Range();
    range.setStart(node, found.index);
    range.setEnd(node, found.index + found[0].length);
    CSS.highlights.set("fact", new Highlight(range));
    show(range);
  };

  /* ---- where a fact was read */
  const told = find("source");
  const pointTo = (fact) => {
    rects.forEach((rect) => { rect.classList.remove("here"); });
    told.textContent = "";
    markText("");
    if (!fact || fact.dataset.at === undefined) return;
    const { at: key, page, words, why } = fact.dataset;
    if (key) {
      turnTo(key);
      const quote = document.createElement("q");
      quote.dir = "auto";
      quote.textContent = words;
      told.append(`${told.dataset.page} ${page} · `, quote, " ");
    }
    told.append(why || "");
    told.title = told.textContent;
    const box = sheet.hidden ? null : rects.find((rect) => rect.dataset.fact === fact.dataset.fact);
    if (box && key) {
      box.classList.add("here");
      boxes.append(box);
      if (zoom === 1 && view.clientWidth < 480) setZoom(2);  // on a phone a whole page is too small to read
      if (picture.complete) show(box); else picture.addEventListener("load", () => show(box), { once: true });
    } else if (key) markText(words);
  };
  const factOf = (node) => node.closest?.("[data-fact]");
  const fieldOf = (fact) => fact?.querySelector("select, input:not([type='hidden'])");
  facts.addEventListener("focusin", (event) => { const fact = factOf(event.target); if (fact) pointTo(fact); });
  boxes.addEventListener("click", (event) => { const rect = event.target.closest("rect"), field = rect && fieldOf(facts.querySelector(`[data-fact="${CSS.escape(rect.dataset.fact)}"]`)); if (field) go(field); });

  /* ---- fields */
  const initial = new Map([...facts.querySelectorAll("select, input:not([type='hidden'])")].map((field) => [field, field.type === "checkbox" ? field.checked : field.value]));
  const go = (field) => {
    const more = field.closest("details");
    if (more) more.open = true;
    field.focus({ preventScroll: true });
    if (field.select && field.type !== "checkbox") field.select();
    (factOf(field) || field).scrollIntoView({ block: "nearest" });
  };
  const draw = (fact) => {
    const field = fieldOf(fact);
    if (!field || field.type === "checkbox") return;
    fact.classList.toggle("edited", field.value !== initial.get(field));
    fact.querySelectorAll(".chip").forEach((chip) => { chip.classList.toggle("chosen", chip.dataset.value === field.value); });
    const hijri = fact.querySelector("[data-hijri]");
    if (hijri) hijri.hidden = field.value !== initial.get(field);
  };
  const choose = (fact, value) => {
    const field = fieldOf(fact);
    field.value = value;
    draw(fact);
    return true;
  };
  const chooseNumber = (fact, number) => {
    const chip = fact?.querySelectorAll(".chip")[number - 1];
    return Boolean(chip) && choose(fact, chip.dataset.value);
  };
  facts.querySelectorAll(".fact").forEach(draw);
  facts.addEventListener("input", (event) => { const fact = factOf(event.target); if (fact) draw(fact); });
  facts.addEventListener("click", (event) => {
    const chip = event.target.closest(".chip");
    if (chip) { choose(factOf(chip), chip.dataset.value); go(fieldOf(factOf(chip))); }
  });
  const department = facts.querySelector('[data-fact="department"]');
  if (department) fieldOf(department).setAttribute("data-choose", "");

  /* ---- keys */
  const home = () => facts.focus({ preventScroll: true });
  const accept = () => { if (!sending) form.requestSubmit(find("accept")); };
  const nextDoubt = () => {
    const doubts = [...facts.querySelectorAll(".doubtful")], here = doubts.indexOf(factOf(document.activeElement));
    if (doubts.length) go(fieldOf(doubts[(here + 1) % doubts.length]));
  };
  const plain = { n: nextDoubt, s: () => find("later").click(), u: () => find("unsure").click(), l: () => find("whole").click(), m: () => { const line = facts.querySelector(".fact-line") || facts.querySelector("details .fact"); if (line) go(fieldOf(line)); }, "[": () => turnBy(-1), "]": () => turnBy(1), "+": zooms.in, "=": zooms.in, "-": zooms.out, 0: zooms.fit };
  const contact = find("contact");
  if (contact) plain.y = () => { contact.checked = !contact.checked; };
  facts.querySelectorAll("[data-key]").forEach((hint) => { plain[hint.dataset.key] = () => go(fieldOf(factOf(hint))); });
  const keyOf = (event) => {  // the letter on a Latin keyboard, also where another script is switched on
    const code = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code || "");
    if (code && /\d/.test(code[1])) return code[1];
    return /^[\x21-\x7e]$/.test(event.key) ? event.key.toLowerCase() : code ? code[1].toLowerCase() : event.key;
  };
  const undo = (field) => {
    if (field.type === "checkbox") field.checked = initial.get(field); else field.value = initial.get(field);
    draw(factOf(field));
    home();
  };
  let going = 0;  // after "g" the next key opens a place of the menu
  document.addEventListener("keydown", (event) => {
    const field = initial.has(event.target) ? event.target : null, digit = /^[1-3]$/.test(keyOf(event)) ? Number(keyOf(event)) : 0;
    if (event.isComposing || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const done = () => { event.preventDefault(); event.stopPropagation(); };
    if (event.key === "Enter") { if (!event.target.closest("button, a, summary")) { done(); accept(); } return; }
    if (event.altKey) {
      if (digit && chooseNumber(field ? factOf(field) : department, digit)) done();
      else if (event.key === "Backspace" && field) { done(); if (field.type === "checkbox") field.checked = false; else choose(factOf(field), ""); }
      return;
    }
    if (event.key === "Escape" && field) { done(); undo(field); return; }
    if (event.target.closest("input:not([type='checkbox']), textarea")) return;
    if (digit && chooseNumber(field && field.tagName === "SELECT" ? factOf(field) : department, digit)) { done(); return; }
    if (field && field.tagName === "SELECT") return;  // its own keys choose
    if (Date.now() - going < 1200) { going = 0; return; }
    if (keyOf(event) === "g") { going = Date.now(); return; }
    const act = plain[keyOf(event)];
    if (act) { done(); act(); }
  }, true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom], [data-page-previous], [data-page-next], a[data-document]");
    if (!button) return;
    if (button.dataset.zoom) zooms[button.dataset.zoom]();
    else if (button.dataset.document) { event.preventDefault(); turnTo(`${button.dataset.document}/1`); }
    else turnBy(button.hasAttribute("data-page-next") ? 1 : -1);
  });

  /* ---- hands on the picture */
  let held = null;
  view.addEventListener("pointerdown", (event) => { if (event.pointerType === "mouse" && !event.button) held = { x: event.clientX, y: event.clientY }; });
  view.addEventListener("pointermove", (event) => {
    if (!held) return;
    view.scrollBy(held.x - event.clientX, held.y - event.clientY);
    held = { x: event.clientX, y: event.clientY };
  });
  window.addEventListener("pointerup", () => { held = null; });
  view.addEventListener("wheel", (event) => { if (event.ctrlKey) { event.preventDefault(); setZoom(zoom * (event.deltaY < 0 ? 1.15 : 1 / 1.15)); } }, { passive: false });

  /* ---- time in sight, the decision, and the next letter's picture */
  let seen = 0, since = document.visibilityState === "visible" ? performance.now() : 0;
  const inSight = () => seen + (since ? performance.now() - since : 0);
  document.addEventListener("visibilitychange", () => {
    seen = inSight();
    since = document.visibilityState === "visible" ? performance.now() : 0;
  });
  form.addEventListener("submit", (event) => {
    if (sending) { event.preventDefault(); return; }
    sending = true;
    find("visible").value = (inSight() / 1000).toFixed(1);
    form.classList.add("sending");
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  const ahead = new Set(rects.map((rect) => rect.dataset.at).filter((key) => key !== at && holderOf(key) && holderOf(key).dataset.pictured).map(address));
  if (form.dataset.nextPicture) ahead.add(form.dataset.nextPicture);
  const fetchAhead = () => ahead.forEach((url) => { new Image().src = url; });
  if (picture.complete) fetchAhead(); else picture.addEventListener("load", fetchAhead, { once: true });
  waitFor(picture);
  home();
})();
