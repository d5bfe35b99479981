/* What was changed and is not saved yet, and how the page shows it. */

import { boxes, boxOf, editable, find, isOpen, isWeak, lineOf, lines, say, words } from "./parts.js";
import { currentWord, go } from "./place.js";

let changes = new Map();  // field name of the form -> text
const past = [];          // earlier states of `changes`

const nameOf = (word) => `word-${word.dataset.at}`;

export const pending = () => changes;
export const textOf = (word) => (changes.has(nameOf(word)) ? changes.get(nameOf(word)) : word.dataset.read);

export const textOfLine = (line) => {
  const name = `line-${line.dataset.line}`;
  if (changes.has(name)) return changes.get(name);
  return [...line.querySelectorAll(".word[data-at]")].map(textOf).filter(Boolean).join(" ");
};

const labelOf = (word, changed, text) => {
  if (isWeak(word)) return `${word.textContent}, ${say.sayWeak}, ${word.dataset.percent} %`;
  if (changed) return `${word.textContent}, ${text ? say.sayChanged : say.sayGone}`;
  return word.textContent;
};

const drawWord = (word) => {
  const changed = changes.has(nameOf(word));
  const text = textOf(word);
  word.textContent = text || word.dataset.read;
  word.classList.toggle("mended", changed);
  word.classList.toggle("gone", changed && !text);
  word.classList.toggle("weak", !changed && word.dataset.state === "weak");
  word.hidden = false;
  const box = boxOf(word);
  box?.classList.toggle("mended", changed);
  box?.classList.toggle("weak", isWeak(word));
  word.setAttribute("aria-label", labelOf(word, changed, text));
};

const typedSpan = (text, more) => {
  const span = document.createElement("span");
  span.className = `word mended line-typed${more}`;
  span.textContent = text;
  return span;
};

const drawLine = (line) => {  // a line that was typed anew stands in place of its words
  const text = changes.get(`line-${line.dataset.line}`);
  line.classList.toggle("typed-anew", text !== undefined);
  if (text === undefined) return;
  for (const word of line.querySelectorAll(".word")) {
    word.hidden = true;
    word.classList.remove("weak");
    const box = boxOf(word);
    box?.classList.remove("weak");
    box?.classList.add("mended");
  }
  line.prepend(typedSpan(text || say.sayGone, text ? "" : " gone"));
};

export const placeFor = (box) => {  // the first line below the box, else the end
  const edges = box.split(" ").map(Number);
  const middle = 500 * (edges[1] + edges[3]);
  const below = words.find((word) => {
    const rect = boxOf(word);
    return rect && Number(rect.getAttribute("y")) + Number(rect.getAttribute("height")) / 2 > middle;
  });
  if (below) return lineOf(below);
  const end = lines.querySelector(".end") || document.createElement("span");
  end.className = "end";
  lines.append(end);
  return end;
};

const drawAdded = (name, text) => {
  const line = document.createElement("p");
  line.className = "line added typed-anew";
  line.dir = "auto";
  line.append(typedSpan(text, ""));
  placeFor(changes.get(name.replace("new", "box"))).before(line);
};

const count = () => {
  const left = words.filter(isWeak).length;
  const number = find("weak-left");
  if (number) {
    number.textContent = left;
    number.closest(".weak-bar").classList.toggle("clear", !left);
  }
  if (!editable) return;
  const made = [...changes.keys()].filter((name) => !name.startsWith("box-")).length;
  const told = find("changes");
  told.classList.toggle("none", !made);
  told.textContent = made ? `${told.dataset.some} ${made}` : told.dataset.none;
  find("save").disabled = !made;
};

export const draw = () => {
  words.forEach(drawWord);
  for (const node of lines.querySelectorAll(".line-typed, .line.added")) node.remove();
  lines.querySelectorAll(".line").forEach(drawLine);
  for (const [name, text] of changes) if (name.startsWith("new-")) drawAdded(name, text);
  for (const rect of boxes?.querySelectorAll(".drawn") ?? []) if (!changes.has(rect.dataset.name)) rect.remove();
  count();
};

/** Let `alter` change what is pending, so that it can be taken back. */
export const change = (alter) => {
  past.push(new Map(changes));
  alter(changes);
  draw();
};

export const setWord = (word, text) => change((pending) => pending.set(nameOf(word), text));

export const setLine = (line, text) => change((pending) => {
  for (const word of line.querySelectorAll(".word[data-at]")) pending.delete(nameOf(word));
  pending.set(`line-${line.dataset.line}`, text);
});

export const undo = () => {
  if (!past.length) return;
  changes = past.pop();
  draw();
  const word = currentWord();
  if (word && isOpen(word)) go(word);
};
