/* Passkeys: the browser makes or shows one, and its answer goes along in a hidden field.
   Without JavaScript the forms that need it stay hidden, or say so. */
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const decoded = (options) => {
    const read = structuredClone(options);
    read.challenge = bytes(read.challenge);
    if (read.user) read.user.id = bytes(read.user.id);
    for (const list of [read.excludeCredentials, read.allowCredentials]) {
      for (const one of list || []) one.id = bytes(one.id);
    }
    return read;
  };
  const encoded = (credential) => {
    const answer = credential.response;
    const response = { clientDataJSON: text(answer.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (answer[name]) response[name] = text(answer[name]);
    }
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  };
  const optionsOf = async (form) => {
    if (!form.dataset.options) return JSON.parse(document.getElementById("passkey-options").textContent);
    const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    return (await answer.json()).request_options;
  };
  const ask = async (form) => {
    const { publicKey } = await optionsOf(form);
    const wanted = decoded(publicKey);
    if (form.dataset.passkey === "get") return navigator.credentials.get({ publicKey: wanted });
    if (form.elements.passwordless?.checked) {
      wanted.authenticatorSelection = { ...wanted.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" };
    }
    return navigator.credentials.create({ publicKey: wanted });
  };
  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const problem = form.querySelector("[data-problem]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      const field = form.elements[form.dataset.field];
      if (field.value) return;
      event.preventDefault();
      problem.hidden = true;
      try {
        field.value = JSON.stringify(encoded(await ask(form)));
        form.submit();
      } catch {
        field.value = "";
        problem.hidden = false;
      }
    });
  }
})();
