/* The letter's page: the document near, far, turned; one part of the panel open at a time.
   Without this file the parts fold, the picture fills the width, and pages are links. */

import { reveal } from "./letter/parts.js";
import { listen } from "./letter/sheet.js";

document.documentElement.classList.add("js");
reveal(location.hash);
listen();
