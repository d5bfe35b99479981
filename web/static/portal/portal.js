/* The citizen's deposit: a photo taken just now joins the list of chosen files. */
"use strict";
(() => {
  document.documentElement.classList.add("js");
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
