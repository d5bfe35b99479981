/* The picture: its window scrolls to a box, and shows it near or far. */

import { sheet, view } from "./parts.js";

let zoom = 1;
let sharp = null;

export const show = (box) => {  // scroll the window so that the box stands in it
  if (!view || !box) return;
  const inner = box.getBoundingClientRect();
  const outer = view.getBoundingClientRect();
  const seen = inner.top >= outer.top + 8 && inner.bottom <= outer.bottom - 8
    && inner.left >= outer.left && inner.right <= outer.right;
  if (seen) return;
  view.scrollBy({
    left: (inner.left + inner.right - outer.left - outer.right) / 2,
    top: (inner.top + inner.bottom - outer.top - outer.bottom) / 2,
  });
};

const sharpen = () => {  // the larger picture takes the place of the smaller once it is there
  if (sharp) return;
  const image = sheet.querySelector("img");
  sharp = new Image();
  sharp.addEventListener("load", () => { image.src = sharp.src; });
  sharp.src = image.dataset.close;
};

const setZoom = (next, box) => {
  if (!view) return;
  const old = zoom;
  zoom = Math.min(5, Math.max(1, next));
  const across = view.scrollLeft + view.clientWidth / 2;
  const down = view.scrollTop + view.clientHeight / 2;
  sheet.style.inlineSize = `${zoom * 100}%`;
  view.classList.toggle("far", zoom > 1);
  if (zoom > 1.2) sharpen();
  view.scrollTo(across * zoom / old - view.clientWidth / 2, down * zoom / old - view.clientHeight / 2);
  show(box);
};

/** Each takes the box that must stay in the window, if there is one. */
export const zooms = {
  in: (box) => setZoom(zoom * 1.35, box),
  out: (box) => setZoom(zoom / 1.35, box),
  fit: (box) => setZoom(1, box),
  readable: (box) => setZoom(2, box),
};

export const zoomByWheel = (event, box) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  setZoom(zoom * (event.deltaY < 0 ? 1.15 : 1 / 1.15), box);
};

let held = null;  // the picture, pulled by the mouse

export const hold = (event) => { held = { x: event.clientX, y: event.clientY, moved: false }; };
export const letGo = () => { held = null; };
export const wasPulled = () => Boolean(held?.moved);

export const pull = (event) => {
  if (!held) return;
  if (!held.moved && Math.hypot(event.clientX - held.x, event.clientY - held.y) < 5) return;
  held.moved = true;
  view.classList.add("held");
  view.scrollBy(held.x - event.clientX, held.y - event.clientY);
  Object.assign(held, { x: event.clientX, y: event.clientY });
};
