/* Keys: arrows walk from word to word, letters do the rest. */

import { setWord, undo } from "./changes.js";
import { isDrawing, setDrawing } from "./missing.js";
import { editable, lineOf } from "./parts.js";
import { zooms } from "./picture.js";
import { currentBox, currentWord, step, toWeak, vertical } from "./place.js";
import { editLine, editWord } from "./typing.js";

const rightward = () => !currentWord() || lineOf(currentWord()).dir !== "rtl";

const inWords = {
  ArrowRight: () => step(rightward() ? 1 : -1),
  ArrowLeft: () => step(rightward() ? -1 : 1),
  ArrowDown: () => vertical(1),
  ArrowUp: () => vertical(-1),
};
const onWord = { Enter: editWord, " ": editWord, Delete: (word) => setWord(word, ""), Backspace: (word) => setWord(word, "") };
const anywhere = {
  n: () => toWeak(1),
  p: () => toWeak(-1),
  "+": () => zooms.in(currentBox()),
  "-": () => zooms.out(currentBox()),
  0: () => zooms.fit(currentBox()),
};
if (editable) Object.assign(anywhere, { l: () => currentWord() && editLine(lineOf(currentWord())), u: undo });

const actionFor = (event) => {
  const atWord = event.target.matches(".word[data-at]");
  const onThis = atWord && editable && onWord[event.key];
  if (onThis) return () => onThis(event.target);
  return (atWord && inWords[event.key]) || anywhere[event.key];
};

export const listenToKeys = () => {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, dialog")) return;
    const act = actionFor(event);
    if (act) { event.preventDefault(); act(); }
  });
  if (!editable) return;
  document.addEventListener("keydown", (event) => {
    if (isDrawing() && event.key === "Escape") setDrawing(false);
  });
};
