/* The parts of the page that everything else works on: the picture's window, its boxes, the words. */

export const find = (id) => document.getElementById(id);

export const view = find("window");
export const sheet = find("sheet");
export const boxes = find("boxes");
export const lines = find("lines");
export const form = find("corrections");
export const words = lines ? [...lines.querySelectorAll(".word")] : [];
export const editable = Boolean(form && lines);
export const say = lines ? lines.dataset : {};  // texts of the page's language

const wordAt = new Map(words.map((word) => [word.dataset.at, word]));
const rects = new Map(boxes ? [...boxes.querySelectorAll("rect")].map((rect) => [rect.dataset.at, rect]) : []);

export const wordOf = (at) => wordAt.get(at);
export const boxAt = (at) => rects.get(at);
export const boxOf = (word) => rects.get(word.dataset.at);
export const lineOf = (word) => word.closest(".line");
export const isWeak = (word) => word.classList.contains("weak");
export const isOpen = (word) => !word.hidden && !lineOf(word).classList.contains("typed-anew");
