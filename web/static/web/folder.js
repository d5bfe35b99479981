/* The signing folder: pictures of its papers that are being made are said, and asked for again. */

import { waitForEach } from "./waiting-picture.js";

waitForEach(document);
document.addEventListener("htmx:load", (event) => waitForEach(event.detail.elt.parentElement ?? document));
