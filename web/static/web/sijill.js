/* Keys of the desk and small helps. Every page works without this file. */

(() => {
  // A dialog that has just closed keeps the focus in its field until the next frame; that is no field any more.
  const inField = (node) => !node.closest("dialog:not([open])") && node.closest("input:not([type=checkbox], [type=radio], [type=file]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("[data-row]")];
  let first = "";

  const goTo = (row) => {
    rows().forEach((one) => { one.classList.toggle("at", one === row); });
    const link = row.querySelector("a:not([tabindex='-1'])");
    if (link) link.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.contains(document.activeElement) || row.classList.contains("at"));
    goTo(all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))]);
  };
  // A row that is done goes away under one's hands: the next one is at hand, as if one had walked to it.
  let following = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const all = rows();
    const at = all.indexOf(event.detail.target);
    following = at < 0 || !event.detail.shouldSwap ? null : all[at + 1] || all[at - 1];
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (following?.isConnected && document.activeElement === document.body) goTo(following);
    following = null;
  });
  const follow = (selector) => { const it = document.querySelector(selector); it?.click(); return Boolean(it); };
  const current = () => rows().find((row) => row.contains(document.activeElement)) || document.querySelector("[data-row].at");
  const inScope = (selector) => (current() || document).querySelector(selector);

  // Nobody's field sheets stay on a device on which nobody is logged in. What waits to be sent stays.
  const forgetSheets = async () => {
    const all = window.caches ? await caches.keys() : [];
    await Promise.all(all.filter((one) => one.startsWith("field-sheet-")).map((one) => caches.delete(one)));
  };

  const single = {
    "?": () => open("keys"),
    "/": () => { const box = document.querySelector("[data-search]"); if (box) box.focus(); else location.assign("/search/"); },
    j: () => follow("[data-next]") || step(1),
    k: () => follow("[data-previous]") || step(-1),
    a: () => { const it = inScope("[data-accept]"); if (it) it.click(); },
    c: () => { const it = inScope("[data-choose]"); if (it) { unfold(it); it.focus(); } },
    r: () => { const it = document.querySelector("[data-write]"); if (it) { unfold(it); it.parentElement.querySelector("textarea").focus(); } },
    x: () => { const it = inScope("[data-pick]"); if (it) it.click(); },
    "[": () => { const it = document.querySelector("[data-page-previous]"); if (it) it.click(); },
    "]": () => { const it = document.querySelector("[data-page-next]"); if (it) it.click(); },
  };
  const unfold = (node) => { for (let box = node.closest("details"); box; box = box.parentElement.closest("details")) box.open = true; };
  const open = (id) => { const box = document.getElementById(id); if (box?.showModal && !box.open) box.showModal(); };

  const palette = () => {
    if (document.getElementById("palette") && !document.querySelector("dialog[open]")) import("./page/palette.js").then((it) => it.openPalette());
  };
  document.querySelectorAll("[data-palette]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", palette);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && document.getElementById("palette")) {
      event.preventDefault();
      palette();
      return;
    }
    // Out of a field, back to the keys; what a page does with Escape itself comes first.
    if (event.key === "Escape" && !event.defaultPrevented && inField(event.target) && !event.target.closest("dialog, #check, [data-suggest]")) { event.target.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const pair = first + event.key;
    first = "";
    if (event.key === "g") { first = "g "; setTimeout(() => { first = ""; }, 1200); return; }
    const place = document.querySelector(`[data-keys="${CSS.escape(pair).replaceAll("\\ ", " ")}"]`);
    if (place) { event.preventDefault(); place.click(); return; }
    const act = event.repeat && event.key === "a" ? null : single[event.key]; // a key held down accepts one
    if (act) { event.preventDefault(); act(); }
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) open(opener.dataset.open);
    const copier = event.target.closest("[data-copy]");
    if (copier && navigator.clipboard) navigator.clipboard.writeText(copier.dataset.copy).then(() => copier.classList.add("copied"));
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("submit", (event) => {
    // What is asked stands in a field: sent along, the server asks it on a page of its own.
    const { submitter: pressed, target: form } = event;
    const ask = form.elements.namedItem("asks") ?? form.elements.namedItem(`asks:${pressed?.name}:${pressed?.value}`);
    if (ask && !window.confirm(ask.value)) event.preventDefault();
    else if (ask) form.addEventListener("formdata", (sent) => { sent.formData.delete(ask.name); }, { once: true });
    if (event.target.action?.endsWith?.("/logout/")) forgetSheets();
  });
  if (location.pathname === "/login/") forgetSheets();
  if (document.body.dataset.contacts && document.querySelector("[name=sender_name], [name=to_name], [data-contact]")) import("./contacts.js");
  // On a phone the tabs scroll: the one that is shown must not lie outside the window.
  document.querySelectorAll(".tabs [aria-current]").forEach((one) => { one.scrollIntoView({ block: "nearest", inline: "center" }); });
  // Which files are chosen, in the page's language; without this the browser says it in its own.
  document.querySelectorAll(".file-pick").forEach((pick) => {
    const input = pick.querySelector("input[type=file]");
    const words = document.createElement("output");
    const list = new Intl.ListFormat(document.documentElement.lang, { type: "unit" });
    const show = () => { words.textContent = list.format([...input.files].map((file) => `\u2068${file.name}\u2069`)) || document.body.dataset.noFile; };
    words.className = "picked";
    words.htmlFor = input.id;
    pick.append(words);
    input.addEventListener("change", show);
    show();
  });
  // Other windows learn that somebody is in here, or nobody (any more): what they show may have to go, or come back.
  const someone = Boolean(document.getElementById("session-over"));
  if (someone) import("./page/session.js");
  new BroadcastChannel("sessions").postMessage(someone ? "in" : "out");
  if (document.body.dataset.live) import("./page/live.js");
  document.querySelectorAll("[data-pick-all]").forEach((one) => { one.closest("label").hidden = false; });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto]");
    if (form) form.requestSubmit();
    if (event.target.matches("[data-pick-all]")) document.querySelectorAll("[data-pick]").forEach((one) => { one.checked = event.target.checked; });
  });
})();
