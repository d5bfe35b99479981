/* The form of a rule: codes to tick in place of typing, help beside each value, rows without a
   round trip. Without this file every value is typed and rows come from the office. */

(() => {
  const form = document.getElementById("rule-form");
  if (!form) return;
  const list = form.querySelector("[data-rows]");
  const total = form.querySelector('[name="c-TOTAL_FORMS"]');

  const codesOf = (box) => box.value.split(/[\s,]+/).filter(Boolean);

  const offer = (row, name) => {
    const box = row.querySelector("[data-value]");
    const place = row.querySelector("[data-choices]");
    const kept = document.querySelector(`template[data-codes-of="${CSS.escape(name)}"]`);
    place.replaceChildren();
    if (!kept) return false;
    place.append(kept.content.cloneNode(true));
    const one = name === "level";
    const chosen = codesOf(box);
    for (const tick of place.querySelectorAll("input")) {
      if (one) { tick.type = "radio"; tick.name = `${box.name}-choice`; }
      tick.checked = chosen.includes(tick.value);
      tick.addEventListener("change", () => {
        box.value = [...place.querySelectorAll("input:checked")].map((it) => it.value).join("\n");
      });
    }
    return true;
  };

  const dress = (row, { anew = false } = {}) => {
    const sort = row.querySelector("[data-sort]");
    const box = row.querySelector("[data-value]");
    const option = sort.selectedOptions[0];
    const bare = option.hasAttribute("data-bare");
    if (anew && (option.dataset.codes || bare)) box.value = "";
    const ticks = Boolean(option.dataset.codes) && offer(row, option.dataset.codes);
    row.querySelector("[data-choices]").hidden = !ticks;
    box.hidden = ticks || bare || !sort.value;
    row.querySelector("[data-help-line]").textContent = option.dataset.help || "";
  };

  const add = () => {
    const rows = list.querySelectorAll("[data-condition]");
    const number = rows.length;
    if (number >= Number(list.dataset.most)) return;
    const row = rows[number - 1].cloneNode(true);
    for (const node of row.querySelectorAll("[name], [id], [for]")) {
      for (const name of ["name", "id", "for"]) {
        const old = node.getAttribute(name);
        if (old) node.setAttribute(name, old.replace(/c-\d+-/, `c-${number}-`));
      }
    }
    const label = row.querySelector("label");
    label.textContent = label.textContent.replace(String(number), String(number + 1));
    row.querySelector("[data-sort]").value = "";
    row.querySelector("[data-value]").value = "";
    row.querySelector('[type="checkbox"]').checked = false;
    for (const error of row.querySelectorAll(".error")) error.remove();
    list.append(row);
    total.value = String(number + 1);
    dress(row);
    row.querySelector("[data-sort]").focus();
  };

  for (const row of list.querySelectorAll("[data-condition]")) dress(row);
  list.addEventListener("change", (event) => {
    if (event.target.matches("[data-sort]")) dress(event.target.closest("[data-condition]"), { anew: true });
  });
  const more = form.querySelector("[data-more]");
  if (more) more.addEventListener("click", (event) => {
    if (!list.querySelector("[data-condition]")) return;
    event.preventDefault();
    add();
  });
})();
