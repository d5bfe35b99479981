/* From hit to hit on a letter's page: h and H, on the picture and in the text at once. */

(() => {
  document.documentElement.classList.add("js");
  let at = -1;
  let fromBehind = false;
  const all = (where) => [...document.querySelectorAll(`[data-hit="${where}"]`)];

  const show = (place) => {
    const both = [all("text"), all("picture")];  // the picture last: it stays in sight
    const count = Math.max(both[0].length, both[1].length);
    if (!count) return;
    at = (place + count) % count;
    for (const hits of both) {
      hits.forEach((hit, index) => { hit.classList.toggle("at", index === at); });
      if (hits[at]) hits[at].scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    const told = document.querySelector("[data-hit-place]");
    if (told) told.textContent = `${at + 1} / ${count}`;
  };
  const step = (by) => {
    const count = Math.max(all("picture").length, all("text").length);
    const beyond = at + by >= count || (at + by < 0 && at >= 0) || !count;
    const page = document.querySelector(`[data-hit-page="${by > 0 ? "next" : "previous"}"]`);
    if (beyond && page) {
      fromBehind = by < 0;
      page.click();
    } else show(at < 0 && by < 0 ? count - 1 : at + by);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-hit-step]");
    if (button) step(Number(button.dataset.hitStep));
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    if (!document.querySelector("[data-hits]")) return;
    if (event.key === "h") step(1);
    if (event.key === "H") step(-1);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "viewer") return;
    at = -1;
    if (document.querySelector("[data-hit]")) show(fromBehind ? -1 : 0);
    fromBehind = false;
  });
})();
