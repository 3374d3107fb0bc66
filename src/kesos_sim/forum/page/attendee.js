/** The attendee page as an anywidget component. */

import { openPage } from "./app.js";
import { make } from "./dom.js";
import { familiesOf } from "./screens/family.js";
import { unzipped } from "./zip.js";

/** @param {{model: any, el: HTMLElement}} given */
async function render({ model, el }) {
  const root = make("div", { class: "kf" });
  el.append(root);
  const [surfaceJson, families] = await Promise.all([
    unzipped(model.get("surface")),
    unzipped(model.get("families")),
  ]);
  const page = openPage({
    root,
    boot: JSON.parse(model.get("boot")),
    surfaceJson,
    families: familiesOf(families),
    model,
  });
  return () => page.close();
}

export default { render };
