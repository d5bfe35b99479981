/* Checking a page: words and their places on the picture, corrections by keys.
   Without this file the page shows a field for each line instead. */
"use strict";
(() => {
  document.documentElement.classList.add("js");
  const find = (id) => document.getElementById(id);
  const view = find("window"), sheet = find("sheet"), boxes = find("boxes");
  const lines = find("lines"), form = find("corrections");
  const words = lines ? [...lines.querySelectorAll(".word")] : [];
  const editable = Boolean(form && lines);
  const say = lines ? lines.dataset : {};
  const wordAt = new Map(words.map((word) => [word.dataset.at, word]));
  const rects = new Map(boxes ? [...boxes.querySelectorAll("rect")].map((rect) => [rect.dataset.at, rect]) : []);
  let changes = new Map();  // field name of the form -> text
  let past = [];            // earlier states of `changes`
  let here = null, sending = false, drawing = false, zoom = 1, near = false;

  /* ---- the picture */
  const show = (box) => {  // scroll the window so that the box stands in it
    if (!view || !box) return;
    const inner = box.getBoundingClientRect(), outer = view.getBoundingClientRect();
    const seen = inner.top >= outer.top + 8 && inner.bottom <= outer.bottom - 8 && inner.left >= outer.left && inner.right <= outer.right;
    if (seen) return;
    view.scrollBy({ left: (inner.left + inner.right - outer.left - outer.right) / 2, top: (inner.top + inner.bottom - outer.top - outer.bottom) / 2 });
  };
  let sharp = null;
  const sharpen = () => {  // the larger picture takes the place of the smaller once it is there
    if (sharp) return;
    const image = sheet.querySelector("img");
    sharp = new Image();
    sharp.addEventListener("load", () => { image.src = sharp.src; });
    sharp.src = image.dataset.close;
  };
  const setZoom = (next) => {
    if (!view) return;
    const old = zoom;
    zoom = Math.min(5, Math.max(1, next));
    const across = view.scrollLeft + view.clientWidth / 2, down = view.scrollTop + view.clientHeight / 2;
    sheet.style.inlineSize = `${zoom * 100}%`;
    view.classList.toggle("far", zoom > 1);
    if (zoom > 1.2) sharpen();
    view.scrollTo(across * zoom / old - view.clientWidth / 2, down * zoom / old - view.clientHeight / 2);
    if (here) show(rects.get(here.dataset.at));
  };
  const zooms = { in: () => setZoom(zoom * 1.35), out: () => setZoom(zoom / 1.35), fit: () => setZoom(1) };

  /* ---- where we are */
  const lineOf = (word) => word.closest(".line");
  const mark = (word) => {
    if (here) { here.classList.remove("here"); const box = rects.get(here.dataset.at); if (box) box.classList.remove("here"); }
    here = word;
    if (!word) return;
    word.classList.add("here");
    const box = rects.get(word.dataset.at);
    if (!box) return;
    box.classList.add("here");
    boxes.append(box);
    if (!near && view.clientWidth < 480) setZoom(2);  // on a phone a whole page is too small to read
    near = true;
    show(box);
  };
  const hover = (at, on) => [wordAt.get(at), rects.get(at)].forEach((node) => node && node.classList.toggle("over", on));
  const go = (word) => { if (word) { word.focus(); word.scrollIntoView({ block: "nearest" }); } };
  const open = (word) => !word.hidden && !lineOf(word).classList.contains("typed-anew");
  const usable = () => words.filter(open);
  const step = (by) => {
    const all = usable();
    const at = here ? all.indexOf(here) : -1;
    go(all[Math.min(all.length - 1, Math.max(0, at + by))]);
  };
  const weak = (word) => word.classList.contains("weak");
  const toWeak = (by) => {
    const from = here ? words.indexOf(here) : by > 0 ? -1 : words.length;
    const order = by > 0 ? [...words.slice(from + 1), ...words.slice(0, from + 1)] : [...words.slice(0, Math.max(from, 0)).reverse(), ...words.slice(Math.max(from, 0)).reverse()];
    const next = order.find((word) => weak(word) && open(word));
    if (next) go(next);
    return Boolean(next);
  };
  const vertical = (by) => {
    if (!here) { step(1); return; }
    const all = [...lines.querySelectorAll(".line")], middle = (node) => { const r = node.getBoundingClientRect(); return (r.left + r.right) / 2; };
    for (let at = all.indexOf(lineOf(here)) + by; all[at]; at += by) {
      const near = [...all[at].querySelectorAll(".word")].filter(open).sort((a, b) => Math.abs(middle(a) - middle(here)) - Math.abs(middle(b) - middle(here)))[0];
      if (near) { go(near); return; }
    }
  };

  /* ---- what was changed */
  const own = (word) => changes.has(`word-${word.dataset.at}`) ? changes.get(`word-${word.dataset.at}`) : word.dataset.read;
  const lineNow = (line) => {
    const name = `line-${line.dataset.line}`;
    if (changes.has(name)) return changes.get(name);
    return [...line.querySelectorAll(".word[data-at]")].map(own).filter(Boolean).join(" ");
  };
  const draw = () => {
    words.forEach((word) => {
      const changed = changes.has(`word-${word.dataset.at}`), text = own(word);
      word.textContent = text || word.dataset.read;
      word.classList.toggle("mended", changed);
      word.classList.toggle("gone", changed && !text);
      word.classList.toggle("weak", !changed && word.dataset.state === "weak");
      word.hidden = false;
      const box = rects.get(word.dataset.at);
      if (box) { box.classList.toggle("mended", changed); box.classList.toggle("weak", weak(word)); }
      word.setAttribute("aria-label", `${word.textContent}${weak(word) ? `, ${say.sayWeak}, ${word.dataset.percent} %` : changed ? `, ${text ? say.sayChanged : say.sayGone}` : ""}`);
    });
    lines.querySelectorAll(".line-typed, .line.added").forEach((node) => node.remove());
    lines.querySelectorAll(".line").forEach((line) => {
      const text = changes.get(`line-${line.dataset.line}`);
      line.classList.toggle("typed-anew", text !== undefined);
      if (text === undefined) return;
      line.querySelectorAll(".word").forEach((word) => { word.hidden = true; word.classList.remove("weak"); const box = rects.get(word.dataset.at); if (box) { box.classList.remove("weak"); box.classList.add("mended"); } });
      line.prepend(typedSpan(text || say.sayGone, text ? "" : " gone"));
    });
    for (const [name, text] of changes) if (name.startsWith("new-")) addShown(name, text);
    if (boxes) boxes.querySelectorAll(".drawn").forEach((rect) => { if (!changes.has(rect.dataset.name)) rect.remove(); });
    count();
  };
  const typedSpan = (text, more) => {
    const span = document.createElement("span");
    span.className = `word mended line-typed${more}`;
    span.textContent = text;
    return span;
  };
  const addShown = (name, text) => {
    const line = document.createElement("p");
    line.className = "line added typed-anew";
    line.dir = "auto";
    line.append(typedSpan(text, ""));
    placeFor(changes.get(name.replace("new", "box"))).before(line);
  };
  const placeFor = (box) => {  // the first line below the box, else the end
    const down = box.split(" ").map(Number), middle = 500 * (down[1] + down[3]);
    const below = words.find((word) => { const rect = rects.get(word.dataset.at); return rect && Number(rect.getAttribute("y")) + Number(rect.getAttribute("height")) / 2 > middle; });
    if (below) return lineOf(below);
    const end = lines.querySelector(".end") || document.createElement("span");
    end.className = "end";
    lines.append(end);
    return end;
  };
  const count = () => {
    const left = words.filter(weak).length, number = find("weak-left"), bar = number && number.closest(".weak-bar");
    if (number) { number.textContent = left; bar.classList.toggle("clear", !left); }
    if (!editable) return;
    const made = [...changes.keys()].filter((name) => !name.startsWith("box-")).length, told = find("changes");
    told.classList.toggle("none", !made);
    told.textContent = made ? `${told.dataset.some} ${made}` : told.dataset.none;
    find("save").disabled = !made;
  };
  const change = (alter) => {
    past.push(new Map(changes));
    alter();
    draw();
  };
  const undo = () => {
    if (!past.length) return;
    changes = past.pop();
    draw();
    if (here && open(here)) go(here);
  };

  /* ---- typing */
  const field = (text, kind, label) => {
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
  const typing = (input, { accept, cancel }) => {
    let done = false;
    const end = (how, onward) => { if (!done) { done = true; input.remove(); how(input.value.trim(), onward); } };
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
  const editWord = (word) => {
    const before = own(word), input = field(before, "word-input", say.sayWord);
    word.hidden = true;
    word.after(input);
    typing(input, {
      accept: (text, onward) => {
        word.hidden = false;
        if (onward || text !== before) change(() => changes.set(`word-${word.dataset.at}`, text));
        if (onward && !toWeak(1)) { go(word); if (find("save")) find("changes").scrollIntoView({ block: "nearest" }); }
      },
      cancel: () => { word.hidden = false; go(word); },
    });
  };
  const editLine = (line) => {
    const before = lineNow(line), input = field(before, "line-input", say.sayLine), inside = [...line.children];
    inside.forEach((node) => { node.hidden = true; });
    line.append(input);
    const first = line.querySelector(".word[data-at]");
    if (first) show(rects.get(first.dataset.at));
    const back = () => inside.forEach((node) => { node.hidden = false; });
    typing(input, {
      accept: (text, onward) => {
        back();
        if (onward || text !== before) change(() => {
          line.querySelectorAll(".word[data-at]").forEach((word) => changes.delete(`word-${word.dataset.at}`));
          changes.set(`line-${line.dataset.line}`, text);
        });
        else draw();
        if (onward) { here = words[words.indexOf(first)] || here; toWeak(1); }
      },
      cancel: () => { back(); draw(); if (first && open(first)) go(first); },
    });
  };

  /* ---- a line that was missed: a box on the picture, then its text */
  let corner = null, drawn = null;
  const fraction = (event) => { const r = sheet.querySelector("img").getBoundingClientRect(); return [(event.clientX - r.left) / r.width, (event.clientY - r.top) / r.height].map((n) => Math.min(1, Math.max(0, n))); };
  const edges = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])];
  const setDrawing = (on) => {
    drawing = on;
    view.classList.toggle("drawing", on);
    find("add-line").setAttribute("aria-pressed", String(on));
    find("add-line-how").hidden = !on;
    if (on) view.scrollIntoView({ block: "nearest" });
  };
  const drawTo = (event) => {
    const [x0, y0, x1, y1] = edges(corner, fraction(event));
    Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 }).forEach(([name, value]) => drawn.setAttribute(name, (1000 * value).toFixed(1)));
    return [x0, y0, x1, y1];
  };
  const typeMissing = (box) => {
    const number = 1 + Math.max(0, ...[...changes.keys()].filter((name) => name.startsWith("new-")).map((name) => Number(name.slice(4))));
    const place = box.map((edge) => edge.toFixed(4)).join(" "), rect = drawn, line = document.createElement("p");
    rect.dataset.name = `new-${number}`;
    line.className = "line";
    const input = field("", "line-input", say.sayNew);
    line.append(input);
    placeFor(place).before(line);
    typing(input, {
      accept: (text) => {
        line.remove();
        if (text) change(() => { changes.set(`new-${number}`, text); changes.set(`box-${number}`, place); });
        else rect.remove();
      },
      cancel: () => { line.remove(); rect.remove(); },
    });
  };

  /* ---- hands and keys */
  let held = null;
  if (view) {
    view.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      if (drawing) {
        event.preventDefault();
        corner = fraction(event);
        drawn = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        drawn.classList.add("drawn");
        boxes.append(drawn);
        view.setPointerCapture(event.pointerId);
      } else if (event.pointerType === "mouse") held = { x: event.clientX, y: event.clientY, moved: false };
    });
    view.addEventListener("pointermove", (event) => {
      if (corner) { drawTo(event); return; }
      if (!held) return;
      if (!held.moved && Math.hypot(event.clientX - held.x, event.clientY - held.y) < 5) return;
      held.moved = true;
      view.classList.add("held");
      view.scrollBy(held.x - event.clientX, held.y - event.clientY);
      Object.assign(held, { x: event.clientX, y: event.clientY });
    });
    const release = (event) => {
      view.classList.remove("held");
      if (corner) {
        const box = drawTo(event);
        corner = null;
        setDrawing(false);
        if (box[2] - box[0] > .01 && box[3] - box[1] > .004) typeMissing(box); else drawn.remove();
      }
      setTimeout(() => { held = null; });
    };
    view.addEventListener("pointerup", release);
    view.addEventListener("pointercancel", () => { held = null; if (corner) { corner = null; drawn.remove(); setDrawing(false); } });
    window.addEventListener("pointerup", () => { held = null; view.classList.remove("held"); });
    view.addEventListener("wheel", (event) => { if (event.ctrlKey) { event.preventDefault(); setZoom(zoom * (event.deltaY < 0 ? 1.15 : 1 / 1.15)); } }, { passive: false });
    view.addEventListener("click", (event) => { const rect = event.target.closest("rect[data-at]"); if (rect && !(held && held.moved)) go(wordAt.get(rect.dataset.at)); });
    document.addEventListener("click", (event) => { const button = event.target.closest("[data-zoom]"); if (button) zooms[button.dataset.zoom](); });
  }
  if (!lines) return;

  words.forEach((word, at) => {
    word.dataset.read = word.textContent;
    word.dataset.state = weak(word) ? "weak" : "";
    word.tabIndex = at === 0 || weak(word) ? 0 : -1;
    if (editable) word.setAttribute("role", "button");
  });
  if (editable) lines.querySelectorAll(".line").forEach((line) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small quiet line-edit";
    button.tabIndex = -1;
    button.title = say.sayLine;
    button.setAttribute("aria-label", say.sayLine);
    button.append(find("pen").content.cloneNode(true));
    line.append(button);
  });
  lines.addEventListener("focusin", (event) => { if (event.target.matches(".word[data-at]")) mark(event.target); });
  const over = (on) => (event) => { const node = event.target.closest && event.target.closest("[data-at]"); if (node) hover(node.dataset.at, on); };
  [lines, boxes].forEach((part) => { if (part) { part.addEventListener("pointerover", over(true)); part.addEventListener("pointerout", over(false)); } });
  lines.addEventListener("click", (event) => {
    const button = event.target.closest(".line-edit"), word = event.target.closest(".word");
    if (button) editLine(lineOf(button));
    else if (word && word.matches(".line-typed") && lineOf(word).dataset.line) editLine(lineOf(word));
    else if (word && word.dataset.at) { const again = here === word; go(word); if (editable && (again || weak(word))) editWord(word); }
  });

  const rightward = () => !here || lineOf(here).dir !== "rtl";
  const keys = {
    ArrowRight: () => step(rightward() ? 1 : -1), ArrowLeft: () => step(rightward() ? -1 : 1),
    ArrowDown: () => vertical(1), ArrowUp: () => vertical(-1),
  };
  const letters = { n: () => toWeak(1), p: () => toWeak(-1), "+": zooms.in, "-": zooms.out, 0: zooms.fit };
  if (editable) Object.assign(letters, { l: () => here && editLine(lineOf(here)), u: undo });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
    const inWords = event.target.matches(".word[data-at]");
    if (inWords && editable && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); editWord(event.target); return; }
    if (inWords && editable && (event.key === "Delete" || event.key === "Backspace")) { event.preventDefault(); const word = event.target; change(() => changes.set(`word-${word.dataset.at}`, "")); return; }
    const act = inWords && keys[event.key] || letters[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  if (find("next-weak")) find("next-weak").addEventListener("click", () => toWeak(1));
  if (!editable) return;
  if (find("add-line") && boxes) find("add-line").addEventListener("click", () => setDrawing(!drawing));
  document.addEventListener("keydown", (event) => { if (drawing && event.key === "Escape") setDrawing(false); });

  form.addEventListener("submit", (event) => {
    const open = form.querySelector(".word-input, .line-input");
    if (open) open.finish();
    if (!changes.size && event.submitter && event.submitter.value === "save") { event.preventDefault(); return; }
    for (const [name, value] of changes) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      form.append(input);
    }
    sending = true;
  });
  window.addEventListener("beforeunload", (event) => { if (changes.size && !sending) event.preventDefault(); });
  draw();
})();
