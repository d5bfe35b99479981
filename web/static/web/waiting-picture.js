/* A page's picture that is being made: its window says so, asks again when the office says, and has
   a button. Without this file there is a link. */

const QUIET = 500;  // milliseconds without a word: most pictures are there by then
const FIRST_WAIT = 2;  // seconds: the picture's own answer cannot be read
const LONGEST_WAIT = 30;
const TRIES = 20;

/** Ask for the picture: 0 when it is there, null where there is none, else the seconds to wait. */
const ask = async (address) => {
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (answer.status === 503) return Math.min(LONGEST_WAIT, Number(answer.headers.get("Retry-After")) || FIRST_WAIT);
    const drawn = answer.ok && answer.headers.get("Content-Type")?.startsWith("image/");
    return drawn ? 0 : null;
  } catch {
    return LONGEST_WAIT / 3;  // the office is not reached
  }
};

class WaitingPicture {
  constructor(image, told) {
    Object.assign(this, { image, told, address: "", clock: 0, left: TRIES });
    image.addEventListener("load", () => this.end());
    image.addEventListener("error", () => this.fail());
    told?.querySelector("[data-picture-again]").addEventListener("click", () => this.again());
    new MutationObserver(() => this.begin()).observe(image, { attributeFilter: ["src"] });
    this.begin();
    if (image.complete && image.src && !image.naturalWidth) this.fail();
  }

  get waits() { return Boolean(this.image.getAttribute("src")) && !(this.image.complete && this.image.naturalWidth); }

  begin() {
    if (this.image.src !== this.address) Object.assign(this, { address: this.image.src, left: TRIES });
    this.in(QUIET, () => { if (this.waits) this.say("making"); });
  }

  end() {
    clearTimeout(this.clock);
    this.say("");
  }

  fail() {
    this.say("making", true);
    this.in(FIRST_WAIT * 1000, () => this.try());
  }

  again() {
    this.left = TRIES;
    this.say("making");
    this.try();
  }

  async try() {
    clearTimeout(this.clock);
    const address = this.address;
    const wait = await ask(this.image.currentSrc || address);
    if (address !== this.address || !this.waits) return;  // another page is looked at
    if (wait === 0) { this.image.src = address; return; }
    this.left -= 1;
    if (wait === null || !this.left) { this.say(wait === null ? "none" : "failed", true); return; }
    this.say("making", true);
    this.in(wait * 1000, () => this.try());
  }

  in(milliseconds, act) {
    clearTimeout(this.clock);
    this.clock = setTimeout(act, milliseconds);
  }

  say(state, button = false) {
    if (!this.told) return;
    this.told.hidden = !state;
    for (const words of this.told.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== state;
    this.told.querySelector("[data-picture-again]").hidden = !button;
  }
}

/** Watch a picture; what is said of it stands in the [data-picture-state] of its window, if any. */
export const waitFor = (image) => {
  if (image) new WaitingPicture(image, image.closest("[role=region]")?.querySelector("[data-picture-state]"));
};
