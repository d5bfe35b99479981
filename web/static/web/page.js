/* Checking a page: words and their places on the picture, corrections by keys.
   Without this file the page shows a field for each line instead. */

import { draw, pending } from "./page/changes.js";
import { listenToKeys } from "./page/keys.js";
import { abandon, begin, drawTo, finish, hasCorner, isDrawing, setDrawing } from "./page/missing.js";
import { boxes, editable, find, form, isWeak, lineOf, lines, say, sheet, view, wordOf, words } from "./page/parts.js";
import { hold, letGo, pull, wasPulled, zoomByWheel, zooms } from "./page/picture.js";
import { currentBox, currentWord, go, hover, mark, toWeak } from "./page/place.js";
import { editLine, editWord } from "./page/typing.js";
import { waitFor } from "./waiting-picture.js";

const listenToPicture = () => {
  view.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    if (isDrawing()) begin(event);
    else if (event.pointerType === "mouse") hold(event);
  });
  view.addEventListener("pointermove", (event) => {
    if (hasCorner()) drawTo(event);
    else pull(event);
  });
  view.addEventListener("pointerup", (event) => {
    view.classList.remove("held");
    if (hasCorner()) finish(event);
    setTimeout(letGo);  // the click that follows still asks whether the picture was pulled
  });
  view.addEventListener("pointercancel", () => { letGo(); abandon(); });
  window.addEventListener("pointerup", (event) => {
    view.classList.remove("held");
    if (!view.contains(event.target)) letGo();
  });
  view.addEventListener("wheel", (event) => zoomByWheel(event, currentBox()), { passive: false });
  view.addEventListener("click", (event) => {
    const rect = event.target.closest("rect[data-at]");
    if (rect && !wasPulled()) go(wordOf(rect.dataset.at));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (button) zooms[button.dataset.zoom](currentBox());
  });
};

const prepareWords = () => {
  words.forEach((word, at) => {
    word.dataset.read = word.textContent;
    word.dataset.state = isWeak(word) ? "weak" : "";
    word.tabIndex = at === 0 || isWeak(word) ? 0 : -1;
    if (editable) word.setAttribute("role", "button");
  });
};

const addLineButton = (line) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "small quiet line-edit";
  button.tabIndex = -1;
  button.title = say.sayLine;
  button.setAttribute("aria-label", say.sayLine);
  button.append(find("pen").content.cloneNode(true));
  line.append(button);
};

const clickWord = (word) => {
  const again = currentWord() === word;
  go(word);
  if (editable && (again || isWeak(word))) editWord(word);
};

const listenToLines = () => {
  lines.addEventListener("focusin", (event) => { if (event.target.matches(".word[data-at]")) mark(event.target); });
  const over = (on) => (event) => {
    const node = event.target.closest?.("[data-at]");
    if (node) hover(node.dataset.at, on);
  };
  for (const part of [lines, boxes].filter(Boolean)) {
    part.addEventListener("pointerover", over(true));
    part.addEventListener("pointerout", over(false));
  }
  lines.addEventListener("click", (event) => {
    const button = event.target.closest(".line-edit");
    const word = event.target.closest(".word");
    if (button) editLine(lineOf(button));
    else if (word?.matches(".line-typed") && lineOf(word).dataset.line) editLine(lineOf(word));
    else if (word?.dataset.at) clickWord(word);
  });
};

const listenToForm = () => {
  let sending = false;
  form.addEventListener("submit", (event) => {
    form.querySelector(".word-input, .line-input")?.finish();
    if (!pending().size && event.submitter?.value === "save") { event.preventDefault(); return; }
    for (const [name, value] of pending()) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      form.append(input);
    }
    sending = true;
  });
  window.addEventListener("beforeunload", (event) => { if (pending().size && !sending) event.preventDefault(); });
};

document.documentElement.classList.add("js");
if (view) {
  listenToPicture();
  waitFor(sheet.querySelector("img"));
}
document.querySelectorAll(".strip img").forEach(waitFor);
if (lines) {
  prepareWords();
  if (editable) lines.querySelectorAll(".line").forEach(addLineButton);
  listenToLines();
  listenToKeys();
  find("next-weak")?.addEventListener("click", () => toWeak(1));
}
if (editable) {
  if (boxes) find("add-line")?.addEventListener("click", () => setDrawing(!isDrawing()));
  listenToForm();
  draw();
}
