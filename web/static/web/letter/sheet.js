/* The page's picture in its window: wide, whole, nearer, turned, pulled by the hand.
   How it is shown stays for the session; a turn, for its document. */

import { waitFor } from "../waiting-picture.js";

const MOST = 6;
const NEARER = 1.3;
const QUARTER = 90;
const held = { at: null, moved: false };
let view = null;
let zoom = 1;         // widths of the window; with `whole`, of the whole page
let whole = false;

const kept = (name) => { try { return sessionStorage.getItem(name); } catch { return null; } };
const keep = (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* it is forgotten */ } };
const turnKey = () => `turn ${view.dataset.sheet}`;
const turned = () => Number(kept(turnKey()) || 0);
const picture = () => view.querySelector("img");
const inner = () => {
  const style = getComputedStyle(view);
  return {
    width: view.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight),
    height: view.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom),
  };
};

const sharpen = () => {  // the larger picture takes the smaller one's place once it is there
  const image = picture();
  if (!image.dataset.close) return;
  const sharp = new Image();
  const address = image.dataset.close;
  delete image.dataset.close;
  sharp.addEventListener("load", () => { image.removeAttribute("srcset"); image.src = address; });
  sharp.src = address;
};

const drawTools = () => {
  for (const button of document.querySelectorAll("[data-zoom][aria-pressed]")) {
    button.setAttribute("aria-pressed", String(zoom === 1 && whole === (button.dataset.zoom === "whole")));
  }
};

const size = () => {
  const image = picture();
  const ratio = image.naturalHeight / image.naturalWidth || Math.SQRT2;
  const lying = turned() % 180 !== 0;
  const room = inner();
  const shownRatio = lying ? 1 / ratio : ratio;
  const width = (whole ? Math.min(room.width, room.height / shownRatio) : room.width) * zoom;
  return { width, height: width * shownRatio, lying };
};

const draw = () => {
  if (!view) return;
  const frame = view.querySelector(".sheet-frame");
  const page = view.querySelector(".sheet-page");
  const { width, height, lying } = size();
  const turn = turned();
  const moves = { 0: "none", 90: `translateX(${width}px) rotate(90deg)`, 180: `translate(${width}px, ${height}px) rotate(180deg)`, 270: `translateY(${height}px) rotate(270deg)` };
  frame.style.inlineSize = `${width}px`;
  frame.style.blockSize = turn ? `${height}px` : "auto";
  page.style.inlineSize = `${lying ? height : width}px`;
  page.style.transform = moves[turn];
  view.classList.toggle("far", view.scrollWidth > view.clientWidth || view.scrollHeight > view.clientHeight);
  if (width > 1000) sharpen();
  drawTools();
};

const setZoom = (next, point) => {
  if (!view) return;
  const old = size().width;
  const at = point || { x: view.clientWidth / 2, y: view.clientHeight / 2 };
  const across = view.scrollLeft + at.x;
  const down = view.scrollTop + at.y;
  zoom = Math.min(MOST, Math.max(0.3, next));
  draw();
  const grown = size().width / old;
  view.scrollTo(across * grown - at.x, down * grown - at.y);
};
const fit = (wanted) => {
  if (!view) return;
  whole = wanted;
  zoom = 1;
  keep("sheet", whole ? "whole" : "width");
  draw();
};
const turn = () => {
  if (!view) return;
  keep(turnKey(), (turned() + QUARTER) % 360);
  draw();
  view.scrollTo(0, 0);
};
const zooms = { in: () => setZoom(zoom * NEARER), out: () => setZoom(zoom / NEARER), width: () => fit(false), whole: () => fit(true) };
const keys = { "+": zooms.in, "=": zooms.in, "-": zooms.out, 0: zooms.width, p: zooms.whole, o: turn, f: () => document.getElementById("viewer-q")?.focus() };

const placeOf = (event) => {
  const box = view.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
};

const pull = (event) => {
  if (!held.at) return;
  if (!held.moved && Math.hypot(event.clientX - held.at.x, event.clientY - held.at.y) < 5) return;
  held.moved = true;
  view.classList.add("held");
  view.scrollBy(held.at.x - event.clientX, held.at.y - event.clientY);
  held.at = { x: event.clientX, y: event.clientY };
};

const listenToSheet = () => {
  view.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && !event.button) Object.assign(held, { at: { x: event.clientX, y: event.clientY }, moved: false });
  });
  view.addEventListener("pointermove", pull);
  view.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    setZoom(zoom * (event.deltaY < 0 ? 1.15 : 1 / 1.15), placeOf(event));
  }, { passive: false });
  view.addEventListener("click", (event) => {  // the link is for those without this file
    if (!event.target.closest("a") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!held.moved && event.detail) setZoom(zoom > 1.5 ? 1 : 2, placeOf(event));
  });
  view.addEventListener("dragstart", (event) => event.preventDefault());
};

const prepare = () => {
  view = document.querySelector(".sheet-window");
  if (!view) return;
  zoom = 1;
  whole = kept("sheet") === "whole";
  listenToSheet();
  const image = picture();
  if (!image.complete) image.addEventListener("load", draw, { once: true });
  waitFor(image);
  draw();
};

/** Show the picture as it was shown before, and follow buttons, keys, wheel and hand. */
export const listen = () => {
  prepare();
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "viewer") prepare(); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom], [data-turn]");
    if (button) (button.dataset.zoom ? zooms[button.dataset.zoom] : turn)();
  });
  window.addEventListener("pointerup", () => { held.at = null; view?.classList.remove("held"); });
  window.addEventListener("resize", draw);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio], [type=file]), textarea, select, [contenteditable]")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
};
