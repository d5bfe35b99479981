/* Finds the number for which SHA-256 of "task:number" begins with enough zero bits, and hands it in. */

const form = document.querySelector("#proof");
const words = form?.querySelector("span");
const BITS = 17;
const AT_ONCE = 512;

const zeroBits = (digest) => {
  let bits = 0;
  for (const byte of new Uint8Array(digest)) {
    if (byte) return bits + Math.clz32(byte) - 24;
    bits += 8;
  }
  return bits;
};

const search = async (task) => {
  const encoder = new TextEncoder();
  for (let start = 0; ; start += AT_ONCE) {
    const numbers = Array.from({ length: AT_ONCE }, (_, index) => start + index);
    const digests = await Promise.all(
      numbers.map((number) => crypto.subtle.digest("SHA-256", encoder.encode(`${task}:${number}`))),
    );
    const found = digests.findIndex((digest) => zeroBits(digest) >= BITS);
    if (found >= 0) return numbers[found];
  }
};

const prove = async () => {
  form.hidden = false;
  form.elements.answer.value = await search(form.elements.task.value);
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
  words.textContent = answer.ok ? form.dataset.done : form.dataset.failed;
};

if (form && window.crypto && crypto.subtle) {
  prove().catch(() => { words.textContent = form.dataset.failed; });
}
