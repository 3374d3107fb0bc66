/** The attendee page in one file without a server: everything is in the file itself. */

import { openPage } from "./app.js";
import { familiesOf } from "./screens/family.js";
import { unzipped } from "./zip.js";

/** @param {string} id @returns {string} */
const textIn = (id) => document.getElementById(id)?.textContent ?? "";

/** @param {string} id */
function bytesIn(id) {
  return Uint8Array.from(atob(textIn(id)), (one) => one.charCodeAt(0));
}

async function startAlone() {
  const root = /** @type {HTMLElement} */ (document.getElementById("kesos-forum"));
  const [surfaceJson, families] = await Promise.all([
    unzipped(bytesIn("kesos-surface")),
    unzipped(bytesIn("kesos-families")),
  ]);
  openPage({
    root,
    boot: JSON.parse(textIn("kesos-boot")),
    surfaceJson,
    families: familiesOf(families),
    model: null,
  });
}

startAlone();
