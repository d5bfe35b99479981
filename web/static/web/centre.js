/* The centre's keys and its clock: how long a call waited and lasted. The server checks both. */

const form = document.querySelector("[data-centre-log]");
const field = (name) => form?.elements.namedItem(name);
const inField = (node) => node.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
const now = () => Math.round(performance.now() / 1000);
let rang = null;
let began = null;

const spent = (from) => `${Math.floor((now() - from) / 60)}:${String((now() - from) % 60).padStart(2, "0")}`;
const tell = () => {
  const clock = form.querySelector(".centre-clock");
  clock.hidden = rang === null && began === null;
  if (!clock.hidden) clock.value = began === null ? `${clock.dataset.waiting} ${spent(rang)}` : `${clock.dataset.talking} ${spent(began)}`;
};
const begin = () => {
  if (began !== null) return;
  began = now();
  if (rang !== null && !field("waited").value) field("waited").value = began - rang;
};
const keys = {
  l: () => { begin(); (field("subject").value ? field("notes") : field("subject")).focus(); },
  i: () => { document.getElementById("know")?.focus(); },
  w: () => { rang = now(); began = null; },
};

if (form) {
  form.addEventListener("input", begin);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.dataset.sent) { event.preventDefault(); return; }
    if (began !== null && !field("seconds").value) field("seconds").value = now() - began;
    if (event.submitter) event.submitter.dataset.sent = "1";
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && form.contains(event.target)) { event.preventDefault(); form.requestSubmit(form.querySelector("button.primary")); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || inField(event.target)) return;
    const results = [...form.querySelectorAll("[name=result]")];
    const result = results[Number(event.key) - 1];
    if (result) { event.preventDefault(); result.checked = true; result.focus(); begin(); return; }
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  setInterval(tell, 1000);
}
