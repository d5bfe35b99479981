/* Fields of a template: a click on one puts it where the cursor stands in the text. Without this
   file they are copied by hand. */

(() => {
  const list = document.querySelector("[data-insert-into]");
  const box = list && document.getElementById(list.dataset.insertInto);
  if (!box) return;
  for (const code of list.querySelectorAll("code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "field-code";
    code.replaceWith(button);
    button.append(code);
    button.addEventListener("click", () => {
      box.focus();
      box.setRangeText(code.textContent, box.selectionStart, box.selectionEnd, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
})();
