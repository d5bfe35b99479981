/* Typing a word or a line in its place: Enter keeps and goes on, Escape leaves it as it was. */

import { draw, setLine, setWord, textOf, textOfLine } from "./changes.js";
import { boxOf, find, isOpen, say, words } from "./parts.js";
import { show } from "./picture.js";
import { currentWord, go, standAt, toWeak } from "./place.js";

export const field = (text, kind, label) => {
  const input = document.createElement("input");
  input.className = kind;
  input.dir = "auto";
  input.value = text;
  input.maxLength = 1000;
  input.autocomplete = "off";
  input.spellcheck = true;
  input.size = Math.max(3, text.length + 1);
  input.setAttribute("aria-label", label);
  return input;
};

/** Call `accept(text, onward)` or `cancel()` once, when the person leaves the field. */
export const typing = (input, { accept, cancel }) => {
  let done = false;
  const end = (how, onward) => {
    if (done) return;
    done = true;
    input.remove();
    how(input.value.trim(), onward);
  };
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") { event.preventDefault(); end(accept, true); }
    if (event.key === "Escape") { event.preventDefault(); end(cancel, true); }
    event.stopPropagation();
  });
  input.addEventListener("blur", () => end(accept, false));
  input.finish = () => end(accept, false);
  input.focus();
  input.select();
};

export const editWord = (word) => {
  const before = textOf(word);
  const input = field(before, "word-input", say.sayWord);
  word.hidden = true;
  word.after(input);
  typing(input, {
    accept: (text, onward) => {
      word.hidden = false;
      if (onward || text !== before) setWord(word, text);
      if (!onward || toWeak(1)) return;
      go(word);
      if (find("save")) find("changes").scrollIntoView({ block: "nearest" });
    },
    cancel: () => { word.hidden = false; go(word); },
  });
};

export const editLine = (line) => {
  const before = textOfLine(line);
  const input = field(before, "line-input", say.sayLine);
  const inside = [...line.children];
  const hide = (hidden) => { for (const node of inside) node.hidden = hidden; };
  hide(true);
  line.append(input);
  const first = line.querySelector(".word[data-at]");
  if (first) show(boxOf(first));
  typing(input, {
    accept: (text, onward) => {
      hide(false);
      if (onward || text !== before) setLine(line, text);
      else draw();
      if (!onward) return;
      standAt(words[words.indexOf(first)] || currentWord());
      toWeak(1);
    },
    cancel: () => { hide(false); draw(); if (first && isOpen(first)) go(first); },
  });
};
