/* Deposit: files are collected, shown, dropped and sent with a bar. Without this file the plain
   form does the same, minus the comfort. */

(() => {
  const form = document.getElementById("deposit");
  if (!form || typeof DataTransfer === "undefined") return;
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-files]");
  const zone = form.querySelector("[data-drop]");
  const sending = form.querySelector("[data-sending]");
  const bar = sending.querySelector("progress");
  const words = sending.querySelector("[data-sending-words]");
  const button = form.querySelector("[data-send]");
  const limit = Number(form.dataset.limitMb) * 1024 * 1024;
  const language = document.documentElement.lang;
  const sizes = JSON.parse(form.dataset.sizeWords);
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language === "ar" ? "ar-MA" : language, { maximumFractionDigits: 1, numberingSystem: "latn", useGrouping: false });
  const files = [];
  document.documentElement.classList.add("js");

  // As org/sizes.py writes them.
  const inWords = (bytes) => {
    let left = bytes;
    let unit = 0;
    const rounded = () => unit ? Math.round(left * 10) / 10 : Math.round(left);
    while (rounded() >= 1024 && unit < sizes.units.length) { left /= 1024; unit += 1; }
    const words = unit ? sizes.units[unit - 1] : sizes.bytes[plural.select(rounded())] ?? sizes.bytes.other;
    return words.replace("%(count)d", number.format(rounded()));
  };
  const keep = () => {
    const box = new DataTransfer();
    files.forEach((file) => { box.items.add(file); });
    input.files = box.files;
  };
  const show = () => {
    list.replaceChildren(...files.map((file, index) => {
      const row = document.createElement("li");
      const name = document.createElement("bdi");
      const bytes = document.createElement("span");
      const away = document.createElement("button");
      name.className = "file-name";
      name.textContent = file.name;
      bytes.className = "size";
      bytes.textContent = file.size > limit ? `${inWords(file.size)} – ${form.dataset.tooLarge}` : inWords(file.size);
      row.classList.toggle("bad", file.size > limit);
      away.type = "button";
      away.className = "quiet small";
      away.textContent = "×";
      away.setAttribute("aria-label", `${form.dataset.remove}: ${file.name}`);
      away.addEventListener("click", () => { files.splice(index, 1); keep(); show(); });
      row.append(name, bytes, away);
      return row;
    }));
  };
  const add = (more) => {
    for (const file of more) {
      const known = files.some((f) => f.name === file.name && f.size === file.size && f.lastModified === file.lastModified);
      if (!known) files.push(file);
    }
    keep();
    show();
  };
  input.addEventListener("change", () => add([...input.files]));
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => { if (event.dataTransfer?.types.includes("Files")) { event.preventDefault(); zone.classList.add("over"); } });
  }
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) zone.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    zone.classList.remove("over");
    add([...event.dataTransfer.files]);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });

  const failed = (text, link) => {
    const line = document.createElement("p");
    line.className = "notice error";
    line.setAttribute("role", "alert");
    line.textContent = text;
    if (link) line.append(" ", link);
    document.getElementById("deposit-errors").replaceChildren(line);
    ready();
    lookAt();
  };
  const lookAt = () => { const errors = document.getElementById("deposit-errors"); errors.tabIndex = -1; errors.focus({ preventScroll: true }); errors.scrollIntoView({ block: "center" }); };
  const ready = () => { button.disabled = false; sending.hidden = true; };
  const refused = (page) => {
    for (const id of ["deposit-errors"]) {
      const fresh = page.getElementById(id);
      if (fresh) document.getElementById(id).replaceChildren(...fresh.childNodes);
    }
    const key = page.querySelector("#deposit [name=deposit_key]");
    if (key) form.querySelector("[name=deposit_key]").value = key.value;
    form.querySelectorAll(".field").forEach((field) => {
      const control = field.querySelector("[id]");
      const fresh = control && page.getElementById(control.id);
      field.querySelectorAll(".error").forEach((node) => { node.remove(); });
      if (!fresh) return;
      const invalid = fresh.getAttribute("aria-invalid");
      if (invalid) control.setAttribute("aria-invalid", invalid); else control.removeAttribute("aria-invalid");
      fresh.closest(".field").querySelectorAll(".error").forEach((node) => { field.append(node); });
    });
    ready();
    lookAt();
  };
  // The session ended: the page keeps all, somebody logs in beside it, and a fresh token is fetched.
  let stale = false;
  const signedOut = () => {
    const link = document.createElement("a");
    link.href = "/login/";
    link.target = "_blank";
    link.textContent = form.dataset.logIn;
    stale = true;
    failed(form.dataset.signedOut, link);
  };
  const refreshed = async () => {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#deposit [name=csrfmiddlewaretoken]");
    if (fresh) form.querySelector("[name=csrfmiddlewaretoken]").value = fresh.value;
    stale = false;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    if (stale) await refreshed().catch(() => {});
    sending.hidden = false;
    bar.value = 0;
    words.textContent = "";
    const request = new XMLHttpRequest();
    request.open("POST", form.action || location.href);
    request.setRequestHeader("X-Files-Stay", "1"); // the page sends them again, nobody need keep them
    request.upload.addEventListener("progress", (sent) => {
      if (!sent.lengthComputable) return;
      bar.value = Math.round((100 * sent.loaded) / sent.total);
      words.textContent = sent.loaded < sent.total ? `${inWords(sent.loaded)} / ${inWords(sent.total)}` : form.dataset.sent;
    });
    request.addEventListener("load", () => {
      if (request.status < 300) { location.assign(request.responseURL); return; }
      if (form.dataset.signedOut && (request.status === 401 || request.status === 403)) { signedOut(); return; }
      if (request.status === 413) { failed(form.dataset.tooMuch); return; }
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      if (page.getElementById("deposit-errors")) refused(page); else failed(form.dataset.broken);
    });
    request.addEventListener("error", () => failed(form.dataset.broken));
    request.send(new FormData(form));
  });
})();
