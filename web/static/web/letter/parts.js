/* One part of the panel at a time: by its tab, by a verb that is filled in there, by an address. */

const side = document.getElementById("parts");
const parts = [...side.querySelectorAll("details.part")];
const tabs = [...document.querySelectorAll(".parts a")];
const asTabs = matchMedia("(min-width: 68.75rem) and (scripting: enabled)");
const inField = "input:not([type=hidden]), select, textarea";

const idOf = (part) => part.querySelector(".part-body").id;

const mark = () => {
  const open = parts.find((part) => part.open);
  for (const tab of tabs) {
    if (open && tab.hash === `#${idOf(open)}`) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
};

/** Open everything that the target stands in, and go to it; false where there is no such place. */
export const reveal = (hash) => {
  const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!target || !side.contains(target)) return false;
  for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  if (target.matches(inField)) {
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center" });
  } else if (asTabs.matches) side.scrollTop = 0;
  else target.closest("details").scrollIntoView({ block: "start" });
  return true;
};

for (const part of parts) {
  part.addEventListener("toggle", () => {
    if (part.open) for (const other of parts) if (other !== part) other.open = false;
    mark();
  });
  // As tabs one part always stands open.
  part.querySelector("summary").addEventListener("click", (event) => { if (asTabs.matches) event.preventDefault(); });
}
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (!link || !reveal(link.hash)) return;
  event.preventDefault();
  history.replaceState(history.state, "", link.hash);
  const menu = link.closest("details.drop");
  if (menu) menu.open = false;
});
window.addEventListener("hashchange", () => reveal(location.hash));
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.drop[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.drop[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
