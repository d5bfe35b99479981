/* A page's picture that is being made: its window says so, asks again when the office says, and has
   a button. Without this file there is a link. */

import { LONGEST, secondsAfter, USUAL } from "./retry-after.js";

const QUIET = 500;  // milliseconds without a word: most pictures are there by then
const TRIES = 20;

/** Ask for the picture: "drawn", "none" where there is none, "ended" where a log-in is wanted, or
    the seconds to wait. */
const ask = async (address) => {
  try {
    const answer = await fetch(address, { credentials: "same-origin", redirect: "manual" });
    if (answer.type === "opaqueredirect") return "ended";
    if (answer.status === 503) return secondsAfter(answer);
    return answer.ok && answer.headers.get("Content-Type")?.startsWith("image/") ? "drawn" : "none";
  } catch {
    return LONGEST / 3;  // the office is not reached
  }
};

class WaitingPicture {
  constructor(image, told) {
    Object.assign(this, { image, told, address: "", clock: 0, left: TRIES });
    image.addEventListener("load", () => this.end());
    image.addEventListener("error", () => this.fail());
    told?.querySelector("[data-picture-again]").addEventListener("click", () => this.again());
    told?.querySelector("[data-picture-reload]").addEventListener("click", () => location.reload());
    new MutationObserver(() => this.begin()).observe(image, { attributeFilter: ["src"] });
    this.begin();
    if (image.complete && image.src && !image.naturalWidth) this.fail();
  }

  get waits() { return this.image.isConnected && Boolean(this.image.getAttribute("src")) && !(this.image.complete && this.image.naturalWidth); }

  begin() {
    if (this.image.src !== this.address) Object.assign(this, { address: this.image.src, left: TRIES });
    if (!this.address) { this.end(); return; }  // a document without pictures
    if (this.image.loading === "lazy") return;  // perhaps nobody scrolls there: said where it fails
    this.in(QUIET, () => { if (this.waits) this.say("making"); });
  }

  end() {
    clearTimeout(this.clock);
    this.say("");
  }

  fail() {
    clearTimeout(this.clock);
    if (!this.left) { this.say("none", true); return; }  // it came, and could not be shown
    this.say("making", true);
    this.in(USUAL * 1000, () => this.try());  // the picture's own answer cannot be read
  }

  again() {
    this.left = TRIES;
    this.say("making");
    this.try();
  }

  async try() {
    clearTimeout(this.clock);
    if (!this.waits) return;
    const address = this.address;
    this.left -= 1;
    const found = await ask(this.image.currentSrc || address);
    if (address !== this.address || !this.waits) return;  // another page is looked at
    if (found === "drawn") this.image.src = address;
    else if (found === "none" || found === "ended") this.say(found, found === "none");
    else if (!this.left) this.say("failed", true);
    else {
      this.say("making", true);
      this.in(found * 1000, () => this.try());
    }
  }

  in(milliseconds, act) {
    clearTimeout(this.clock);
    this.clock = setTimeout(act, milliseconds);
  }

  say(state, button = false) {
    if (!this.told) return;
    this.told.hidden = !state;
    for (const part of this.told.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
    this.told.querySelector("[data-picture-again]").hidden = !button;
  }
}

const watched = new WeakSet();

/** Watch a picture; what is said of it stands in the [data-picture-state] of its window, if any. */
export const waitFor = (image) => {
  if (!image || watched.has(image)) return;
  watched.add(image);
  new WaitingPicture(image, image.closest("[data-picture], [role=region]")?.querySelector("[data-picture-state]"));
};

/** Watch each picture of a page in this part of the document. */
export const waitForEach = (part) => part.querySelectorAll("[data-picture] img").forEach(waitFor);
