/* Suggestions while typing, and arrows from letter to letter. The page works without this file. */

(() => {
  document.documentElement.classList.add("js");
  const box = document.querySelector("input[data-suggest]");
  if (!box) return;
  const form = box.form;
  const WAIT = 160;
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.labels[0] ? box.labels[0].textContent : "");
  const said = document.createElement("p");
  said.className = "hidden";
  said.setAttribute("role", "status");
  box.after(list, said);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-haspopup": "listbox" })) box.setAttribute(name, value);

  let timer = 0;
  let asking = null;
  let at = -1;
  let shown = [];
  let typed = box.value;
  const answers = new Map();

  const close = () => {
    clearTimeout(timer);
    timer = 0;
    if (asking) asking.abort();
    asking = null;
    at = -1;
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const piece = (name, text) => {
    const span = document.createElement("span");
    span.className = name;
    span.dir = name === "called" ? "" : "auto";
    span.textContent = text;
    return span;
  };
  const show = (found) => {
    shown = found;
    at = -1;
    box.removeAttribute("aria-activedescendant");
    list.replaceChildren(...found.map((one, index) => {
      const item = document.createElement("li");
      item.id = `suggestion-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.append(piece("called", one.called), piece("text", one.text));
      if (one.note) item.append(piece("note", one.note));
      return item;
    }));
    list.hidden = !found.length;
    box.setAttribute("aria-expanded", String(found.length > 0));
    said.textContent = found.length ? `${found.length} ${box.dataset.some}` : box.dataset.none;
  };
  const ask = async () => {
    timer = 0;
    const words = box.value.trim();
    if (words.length < 2) return close();
    if (asking) asking.abort();
    asking = null;
    if (answers.has(words)) return show(answers.get(words));
    const mine = new AbortController();
    asking = mine;
    try {
      const answer = await fetch(`${box.dataset.suggest}?${new URLSearchParams({ q: words })}`, { signal: mine.signal, headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok || mine !== asking) return;
      const found = (await answer.json()).suggestions;
      if (mine !== asking || box.value.trim() !== words) return;
      if (answers.size > 50) answers.clear();
      answers.set(words, found);
      if (document.activeElement === box) show(found);
    } catch (error) {
      if (error.name !== "AbortError") close();
    } finally {
      if (mine === asking) asking = null;
    }
  };
  const choose = (next) => {
    at = next;
    [...list.children].forEach((item, index) => { item.setAttribute("aria-selected", String(index === at)); });
    if (at < 0) {
      box.removeAttribute("aria-activedescendant");
      box.value = typed;
      return;
    }
    const item = list.children[at];
    box.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
    const one = shown[at];
    box.value = one.kind === "word" || one.kind === "party" ? one.text : typed;
  };
  const go = (index) => {
    const one = shown[index];
    close();
    if (one.kind === "word" || one.kind === "party") {
      box.value = one.text;
      form.requestSubmit();
    } else location.assign(one.url);
  };

  box.addEventListener("input", () => {
    typed = box.value;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !list.hidden;
    if (event.key === "Escape") {
      if (!open && !timer && !asking) return;
      event.preventDefault();
      box.value = typed;
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const down = event.key === "ArrowDown";
      if (open) {
        event.preventDefault();
        const count = shown.length;
        choose(down ? (at + 1 >= count ? -1 : at + 1) : at < 0 ? count - 1 : at - 1);
      } else if (down) {
        event.preventDefault();
        move(1);
      }
    } else if (event.key === "Enter") {
      if (open && at >= 0) {
        event.preventDefault();
        go(at);
      } else close();
    } else if (event.key === "Tab") close();
  });
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.type === "date" && !field.value) field.disabled = true;
  });
  window.addEventListener("pageshow", () => {
    for (const field of form.elements) if (field.type === "date") field.disabled = false;
  });
  box.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) go([...list.children].indexOf(item));
  });

  const move = (by) => {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (!rows.length) return;
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    if (here === 0 && by < 0) { box.focus(); return; }
    const next = rows[Math.min(rows.length - 1, Math.max(0, here < 0 ? 0 : here + by))];
    rows.forEach((row) => { row.classList.toggle("at", row === next); });
    next.querySelector("a").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === "Escape") {
      const drop = document.querySelector("details.drop[open]");
      if (drop) { drop.open = false; drop.querySelector("summary").focus(); }
      return;
    }
    if (!event.target.closest("[data-row]")) return;
    if (event.key === "ArrowDown") { event.preventDefault(); move(1); }
    if (event.key === "ArrowUp") { event.preventDefault(); move(-1); }
  });
  document.addEventListener("click", (event) => {
    for (const drop of document.querySelectorAll("details.drop[open]")) if (!drop.contains(event.target)) drop.open = false;
  });
})();
