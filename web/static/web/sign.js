/* A signature drawn on the screen: pen, finger or mouse; what was drawn goes along as PNG. */

(() => {
  const form = document.querySelector("[data-sign]");
  const pad = form?.querySelector("[data-pad]");
  if (!pad) return;
  const canvas = pad.querySelector("canvas");
  const pen = canvas.getContext("2d");
  let drawn = false;
  pad.hidden = false;
  const clear = () => {
    drawn = false;
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.strokeStyle = "#14202b";
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...at(event));
    pen.stroke();
    drawn = true;
  });
  pad.querySelector("[data-clear]").addEventListener("click", clear);
  form.addEventListener("submit", () => {
    form.elements.drawn.value = drawn ? canvas.toDataURL("image/png") : "";
  });
  clear();
})();
