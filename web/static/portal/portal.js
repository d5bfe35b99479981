/* The citizens' pages: a photo taken just now joins the list of chosen files; a chosen file is named; pictures of
   pages that are being made are asked for again. */

import { waitForEach } from "../web/waiting-picture.js";

waitForEach(document);

(() => {
  document.documentElement.classList.add("js");
  const chosen = document.querySelector("[data-chosen]");
  if (chosen) {
    const input = chosen.parentElement.querySelector("input[type=file]");
    input.addEventListener("change", () => { chosen.textContent = input.files.length ? input.files[0].name : ""; });
  }
  const camera = document.querySelector("[data-camera]");
  const main = document.querySelector("#deposit input[type=file]:not([data-camera])");
  if (!camera || !main || typeof DataTransfer === "undefined") return;
  camera.addEventListener("change", () => {
    const box = new DataTransfer();
    for (const file of camera.files) box.items.add(file);
    main.files = box.files;
    main.dispatchEvent(new Event("change", { bubbles: true }));
    camera.value = "";
  });
})();
