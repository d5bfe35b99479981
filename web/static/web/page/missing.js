/* A line that was missed: a box drawn on the picture, then its text. */

import { change, pending, placeFor } from "./changes.js";
import { boxes, find, say, sheet, view } from "./parts.js";
import { field, typing } from "./typing.js";

let drawing = false;  // the mode: the next pull of the pointer draws a box
let corner = null;
let drawn = null;

export const isDrawing = () => drawing;
export const hasCorner = () => Boolean(corner);

export const setDrawing = (on) => {
  drawing = on;
  view.classList.toggle("drawing", on);
  find("add-line").setAttribute("aria-pressed", String(on));
  find("add-line-how").hidden = !on;
  if (on) view.scrollIntoView({ block: "nearest" });
};

const fraction = (event) => {  // where the pointer is, as parts of the picture's width and height
  const frame = sheet.querySelector("img").getBoundingClientRect();
  const place = [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height];
  return place.map((n) => Math.min(1, Math.max(0, n)));
};

export const begin = (event) => {
  event.preventDefault();
  corner = fraction(event);
  drawn = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  drawn.classList.add("drawn");
  boxes.append(drawn);
  view.setPointerCapture(event.pointerId);
};

export const drawTo = (event) => {
  const [x, y] = fraction(event);
  const [left, right] = [Math.min(corner[0], x), Math.max(corner[0], x)];
  const [top, bottom] = [Math.min(corner[1], y), Math.max(corner[1], y)];
  const frame = { x: left, y: top, width: right - left, height: bottom - top };
  for (const [name, value] of Object.entries(frame)) drawn.setAttribute(name, (1000 * value).toFixed(1));
  return [left, top, right, bottom];
};

const nextNumber = () => {
  const names = [...pending().keys()].filter((name) => name.startsWith("new-"));
  return 1 + Math.max(0, ...names.map((name) => Number(name.slice(4))));
};

const typeMissing = (box) => {
  const number = nextNumber();
  const place = box.map((edge) => edge.toFixed(4)).join(" ");
  const rect = drawn;
  rect.dataset.name = `new-${number}`;
  const line = document.createElement("p");
  line.className = "line";
  const input = field("", "line-input", say.sayNew);
  line.append(input);
  placeFor(place).before(line);
  typing(input, {
    accept: (text) => {
      line.remove();
      if (!text) { rect.remove(); return; }
      change((changes) => {
        changes.set(`new-${number}`, text);
        changes.set(`box-${number}`, place);
      });
    },
    cancel: () => { line.remove(); rect.remove(); },
  });
};

export const finish = (event) => {
  const box = drawTo(event);
  corner = null;
  setDrawing(false);
  if (box[2] - box[0] > .01 && box[3] - box[1] > .004) typeMissing(box);
  else drawn.remove();
};

export const abandon = () => {
  if (!corner) return;
  corner = null;
  drawn.remove();
  setDrawing(false);
};
