/* What is asked only if another answer asks for it; without this all is shown, and the server decides. */

const form = document.querySelector("[data-centre-request]");
const answers = (name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)]
  .filter((one) => !["radio", "checkbox"].includes(one.type) || one.checked).map((one) => one.value).filter(Boolean);
const show = () => {
  for (const box of form.querySelectorAll("[data-if]")) {
    const given = box.closest(".card").hidden ? [] : answers(box.dataset.if);
    const wanted = box.dataset.in ? box.dataset.in.split("|") : null;
    const met = wanted ? given.some((one) => wanted.includes(one)) : given.length > 0;
    box.hidden = met === ("not" in box.dataset);
  }
};
if (form) {
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.dataset.sent) { event.preventDefault(); return; }
    if (event.submitter) event.submitter.dataset.sent = "1";
  });
  show();
}
