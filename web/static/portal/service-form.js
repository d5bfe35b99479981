/* Forms of services: fields appear as the answers ask for them, what is typed is saved, the browser
   may tell the place, and a chosen file leaves at once. The server judges all of it again. */

const form = document.querySelector("[data-service-form]");

const alarm = document.querySelector("[data-alarm]");
const summary = document.querySelector("[data-summary]");
if (summary) summary.focus();

/** What somebody answered, as a condition compares it. */
const given = (code) => {
  const chosen = [...form.querySelectorAll(`[name="${code}"]`)];
  const boxes = chosen.filter((one) => one.type === "radio" || one.type === "checkbox");
  if (boxes.length) return boxes.filter((one) => one.checked).map((one) => one.value);
  return chosen.filter((one) => one.type !== "hidden").map((one) => one.value.trim()).filter(Boolean);
};

const holds = (condition, known) => {
  const values = known[condition.field] ?? [];
  const fits = condition.answered ? values.length > 0 : values.some((value) => condition.in.includes(value));
  return fits !== condition.not;
};

const show = () => {
  const known = JSON.parse(form.dataset.known || "{}");
  for (const field of form.querySelectorAll("[data-field]")) {
    const code = field.dataset.field;
    const asked = !field.dataset.showIf || holds(JSON.parse(field.dataset.showIf), known);
    field.hidden = !asked;
    known[code] = asked ? given(code) : [];
    let mark = field.querySelector("[name=_shown]");
    if (asked && !mark) {
      mark = document.createElement("input");
      mark.type = "hidden";
      mark.name = "_shown";
      mark.value = code;
      field.prepend(mark);
    } else if (!asked && mark) {
      mark.remove();
    }
  }
  if (alarm?.dataset.alarm) alarm.hidden = !holds(JSON.parse(alarm.dataset.alarm), known);
};

const autosave = () => {
  let wait = 0;
  let dirty = false;
  let running = false;
  const save = async () => {
    if (!dirty || running) return;
    dirty = false;
    running = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" }, keepalive: true });
      const told = answer.ok ? await answer.json() : null;
      const at = document.querySelector("[data-saved-at]");
      if (told && at) at.textContent = told.saved;
    } catch {
      dirty = true;
    }
    running = false;
  };
  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(wait);
    wait = setTimeout(save, 1500);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  form.addEventListener("submit", () => { clearTimeout(wait); dirty = false; });
};

const place = (box) => {
  const north = box.querySelector("[data-latitude]");
  const east = box.querySelector("[data-longitude]");
  const told = box.querySelector("[data-told]");
  const words = box.querySelector("[data-point-words]");
  const problem = box.querySelector("[data-point-problem]");
  const put = (latitude, longitude) => {
    north.value = latitude;
    east.value = longitude;
    told.hidden = !latitude;
    words.textContent = `${latitude}, ${longitude}`;
    box.querySelector("[data-map]").href = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=18/${latitude}/${longitude}`;
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const button = box.querySelector("[data-locate]");
  const say = (text) => { problem.textContent = text; problem.hidden = !text; };
  if (!navigator.geolocation) { button.hidden = true; return; }
  button.addEventListener("click", () => {
    say(box.dataset.here);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { say(""); put(coords.latitude.toFixed(6), coords.longitude.toFixed(6)); },
      () => say(box.dataset.failed),
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
  box.querySelector("[data-forget]").addEventListener("click", () => put("", ""));
};

if (form) {
  if (form.querySelector("[data-field]")) {
    form.addEventListener("input", show);
    form.addEventListener("change", show);
    show();
  }
  if ("save" in form.dataset) autosave();
  form.querySelectorAll("[data-point]").forEach(place);
  form.querySelectorAll("[data-choose]").forEach((input) => {
    input.addEventListener("change", () => {
      if (!input.files.length) return;
      const words = form.querySelector("[data-sending-words]");
      words.textContent = form.dataset.sending;
      words.hidden = false;
      form.requestSubmit(form.querySelector("[name=_add]"));
    });
  });
  // A second click sends nothing a second time.
  form.addEventListener("submit", () => {
    const button = form.querySelector("[data-next]");
    setTimeout(() => { if (button) button.disabled = true; }, 0);
    window.addEventListener("pageshow", () => { if (button) button.disabled = false; }, { once: true });
  });
}
