// Keys of readings: d opens the reasons of the row, A approves the chosen ones, Enter among the
// reasons declines (of itself it would take the form's first button, which approves).
const form = document.querySelector("[data-readings]");

const current = () => document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row].at");

document.addEventListener("keydown", (event) => {
  const reasons = event.key === "Enter" && !event.isComposing && event.target.closest("[data-decline] :is(input, select)");
  if (!reasons) return;
  event.preventDefault();
  reasons.closest("[data-decline]").querySelector("button").click();
});

if (form) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
    if (event.key === "d") {
      const box = current()?.querySelector("[data-no]");
      if (!box) return;
      event.preventDefault();
      box.open = true;
      box.querySelector("select").focus();
    }
    if (event.key === "A") {
      event.preventDefault();
      form.querySelector("[data-approve-chosen]")?.click();
    }
  });
}
