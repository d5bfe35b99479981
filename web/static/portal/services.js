/* The single window: services that answer what is typed so far. The page works without this file. */

(() => {
  const box = document.querySelector("input[data-services]");
  if (!box) return;
  const WAIT = 140;
  const list = document.createElement("ul");
  list.id = "svc-suggestions";
  list.className = "svc-suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.labels[0] ? box.labels[0].textContent : "");
  const said = document.createElement("p");
  said.className = "hidden";
  said.setAttribute("role", "status");
  box.form.append(list, said);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-haspopup": "listbox" })) box.setAttribute(name, value);

  let timer = 0;
  let asking = null;
  let at = -1;
  let shown = [];

  const close = () => {
    clearTimeout(timer);
    if (asking) asking.abort();
    asking = null;
    at = -1;
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const row = (one, index) => {
    const item = document.createElement("li");
    item.id = `svc-suggestion-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const title = document.createElement("strong");
    title.textContent = one.text;
    const note = document.createElement("small");
    note.textContent = one.note;
    item.append(title, note);
    return item;
  };
  const show = (found) => {
    shown = found;
    at = -1;
    box.removeAttribute("aria-activedescendant");
    list.replaceChildren(...found.map(row));
    list.hidden = !found.length;
    box.setAttribute("aria-expanded", String(found.length > 0));
    said.textContent = found.length ? `${found.length} ${box.dataset.some}` : box.dataset.none;
  };
  const ask = async () => {
    const words = box.value.trim();
    if (words.length < 2) return close();
    if (asking) asking.abort();
    const mine = new AbortController();
    asking = mine;
    try {
      const answer = await fetch(`${box.dataset.services}?${new URLSearchParams({ q: words })}`, { signal: mine.signal, headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok || mine !== asking) return;
      const found = (await answer.json()).suggestions;
      if (mine === asking && box.value.trim() === words && document.activeElement === box) show(found);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };
  const choose = (next) => {
    at = next;
    [...list.children].forEach((item, index) => { item.setAttribute("aria-selected", String(index === at)); });
    if (at < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", list.children[at].id);
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const last = shown.length - 1;
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") choose(at >= last ? -1 : at + 1);
    else if (event.key === "ArrowUp") choose(at < 0 ? last : at - 1);
    else if (event.key === "Enter" && at >= 0) location.assign(shown[at].url);
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => { event.preventDefault(); });
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) location.assign(shown[[...list.children].indexOf(item)].url);
  });
  box.addEventListener("blur", close);
})();
