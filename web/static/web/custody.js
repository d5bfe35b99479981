/* Papers: what is filled in ticks its line, and a line that is ticked empties the others.
   Without this file the office refuses two lines at once, in words. */

const lines = [...document.querySelectorAll(".paper-to")];
const fieldOf = (line) => line.querySelector("select, input:not([type=radio])");

for (const line of lines) {
  const tick = line.querySelector("input[type=radio]");
  fieldOf(line).addEventListener("input", () => {
    if (!fieldOf(line).value) return;
    tick.checked = true;
    tick.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

document.querySelector(".paper-to")?.closest("fieldset").addEventListener("change", (event) => {
  if (event.target.name !== "what") return;
  for (const line of lines) if (!line.contains(event.target)) fieldOf(line).value = "";
});
