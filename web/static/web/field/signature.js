/* A signature drawn with the finger; a picture of one is sent where nothing can be drawn. */

const made = new WeakMap();

const onCanvas = (form, part) => {
  const canvas = part.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const file = form.querySelector("[data-file]");
  let drawn = false;
  const at = (event) => {
    const edge = canvas.getBoundingClientRect();
    return [(event.clientX - edge.left) * (canvas.width / edge.width), (event.clientY - edge.top) * (canvas.height / edge.height)];
  };
  const clear = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    drawn = false;
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.lineWidth = 4;
    pen.lineCap = "round";
    pen.strokeStyle = "#12303a";
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...at(event));
    pen.stroke();
    drawn = true;
  });
  part.querySelector("[data-clear]").addEventListener("click", clear);
  return {
    clear,
    show: () => {
      clear();
      part.hidden = false;
      file.hidden = true;
      file.querySelector("input").required = false;
    },
    blob: () => (drawn ? new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); }) : null),
  };
};

/* The drawing of a form, or nothing where it has none. */
export const drawing = (form) => {
  const part = form.querySelector("[data-draw]");
  if (!part) return null;
  if (!made.has(form)) made.set(form, onCanvas(form, part));
  return made.get(form);
};
