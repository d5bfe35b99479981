/* The word one is at, and the ways from it to another. */

import { boxAt, boxes, boxOf, isOpen, isWeak, lineOf, lines, view, wordOf, words } from "./parts.js";
import { show, zooms } from "./picture.js";

let here = null;
let near = false;

export const currentWord = () => here;
export const currentBox = () => here && boxOf(here);
export const standAt = (word) => { here = word; };

export const mark = (word) => {
  if (here) {
    here.classList.remove("here");
    boxOf(here)?.classList.remove("here");
  }
  here = word;
  word.classList.add("here");
  const box = boxOf(word);
  if (!box) return;
  box.classList.add("here");
  boxes.append(box);
  if (!near && view.clientWidth < 480) zooms.readable(box);  // on a phone a whole page is too small to read
  near = true;
  show(box);
};

export const hover = (at, on) => {
  for (const node of [wordOf(at), boxAt(at)]) node?.classList.toggle("over", on);
};

export const go = (word) => {
  if (!word) return;
  word.focus();
  word.scrollIntoView({ block: "nearest" });
};

export const step = (by) => {
  const usable = words.filter(isOpen);
  const at = here ? usable.indexOf(here) : -1;
  go(usable[Math.min(usable.length - 1, Math.max(0, at + by))]);
};

const inOrder = (by) => {  // all words, from the one after (or before) the current one, round the page
  const from = here ? words.indexOf(here) : by > 0 ? -1 : words.length;
  if (by > 0) return [...words.slice(from + 1), ...words.slice(0, from + 1)];
  const at = Math.max(from, 0);
  return [...words.slice(0, at).reverse(), ...words.slice(at).reverse()];
};

export const toWeak = (by) => {
  const next = inOrder(by).find((word) => isWeak(word) && isOpen(word));
  go(next);
  return Boolean(next);
};

const middle = (node) => {
  const frame = node.getBoundingClientRect();
  return (frame.left + frame.right) / 2;
};

const nearestIn = (line) => {
  const away = (word) => Math.abs(middle(word) - middle(here));
  return [...line.querySelectorAll(".word")].filter(isOpen).sort((a, b) => away(a) - away(b))[0];
};

export const vertical = (by) => {
  if (!here) { step(1); return; }
  const all = [...lines.querySelectorAll(".line")];
  for (let at = all.indexOf(lineOf(here)) + by; all[at]; at += by) {
    const word = nearestIn(all[at]);
    if (word) { go(word); return; }
  }
};
