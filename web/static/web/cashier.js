/* The cashier's desk: sum, change and ways by key. The server counts all of it itself. */

const inField = (node) => node.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
const language = document.documentElement.lang;
const written = (centimes) => new Intl.NumberFormat(language === "ar" ? "ar-MA" : language, { minimumFractionDigits: 2 }).format(centimes / 100);

/** Return a typed amount in centimes, NaN for what is none. */
const typed = (text) => {
  const plain = text.trim().replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
  return /^\d+(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : NaN;
};

const form = document.querySelector("[data-cashier]");
if (form) {
  const tendered = form.elements.namedItem("tendered");
  const reckon = () => {
    let sum = 0;
    for (const box of form.querySelectorAll("[name=bill]:checked")) {
      const part = form.elements.namedItem(`part_${box.value}`);
      const value = part?.value ? typed(part.value) : Number(box.dataset.rest);
      sum += Number.isNaN(value) ? 0 : value;
    }
    form.querySelector("[data-total]").value = written(sum);
    const given = typed(tendered.value);
    const change = form.querySelector("[data-change-line]");
    change.hidden = Number.isNaN(given) || given < sum || form.elements.namedItem("channel").value !== "cash";
    if (!change.hidden) change.querySelector("[data-change]").value = written(given - sum);
  };
  form.addEventListener("input", reckon);
  reckon();
  (form.querySelector('[aria-invalid="true"]') || tendered).focus();
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
    const way = form.querySelectorAll("[name=channel]")[Number(event.key) - 1];
    if (!way) return;
    event.preventDefault();
    way.checked = true;
    reckon();
    (way.value === "cash" ? tendered : form.elements.namedItem("reference")).focus();
  });
}

const count = document.querySelector("[data-count]");
if (count) {
  const reckon = () => {
    let sum = 0;
    for (const field of count.querySelectorAll("[data-value]")) sum += Number(field.dataset.value) * Number(field.value || 0);
    count.querySelector("[data-total]").value = written(sum);
  };
  count.addEventListener("input", reckon);
  reckon();
}
