/** Parts of the facilitator's page: buttons that keep the focus, fields, tables. */

import { button, fill, make, uniqueName } from "../dom.js";

/**
 * Put other children into an element; the keyboard's focus stays on the part of the same name.
 * @param {HTMLElement} root @param {...any} kids
 */
export function refill(root, ...kids) {
  const focused = /** @type {HTMLElement|null} */ (root.ownerDocument.activeElement);
  const held = focused && root.contains(focused) ? focused.dataset.key : undefined;
  fill(root, ...kids.flat(3));
  if (held === undefined) return;
  const again = [...root.querySelectorAll("[data-key]")].find((one) => one.dataset.key === held);
  if (again) again.focus({ preventScroll: true });
}

/**
 * A button of the facilitator.
 * @param {string} key name by which focus finds it again
 * @param {string} words @param {() => void} act
 * @param {{look?: string, off?: boolean, pressed?: boolean, name?: string}} [more] `name` is said
 *   where the words are only a sign
 */
export function press(key, words, act, { look = "", off = false, pressed, name } = {}) {
  return button(words, act, {
    class: `kf-button ${look}`.trim(), "data-key": key, disabled: off, "aria-label": name,
    "aria-pressed": pressed === undefined ? undefined : String(pressed),
  });
}

/**
 * A field with its label above it.
 * @param {string} words @param {HTMLElement} control input, select or textarea
 * @param {HTMLElement} [hint] what to know before filling it in
 */
export function labelled(words, control, hint) {
  control.id = uniqueName("room");
  if (hint) {
    hint.id = uniqueName("room");
    control.setAttribute("aria-describedby", hint.id);
  }
  return make("div", { class: "kf-field" }, make("label", { for: control.id, class: "kf-label" }, words), hint, control);
}

/**
 * A list to choose from.
 * @param {[string, string][]} options value and words @param {string} chosen
 * @param {(value: string) => void} [act] @param {string} [key]
 */
export function chooser(options, chosen, act, key) {
  const element = make("select", { class: "kf-select", "data-key": key, change: () => act && act(element.value) },
    options.map(([value, words]) => make("option", { value }, words)));
  element.value = chosen;
  return element;
}

/**
 * A table; the first column names the rows.
 * @param {string} title @param {string[]} heads @param {any[][]} rows
 * @param {string} [look] `kr-words` where the cells are words instead of numbers
 */
export function tableTwin(title, heads, rows, look) {
  return make("table", look ? { class: look } : {}, make("caption", {}, title),
    make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, rows.map((row) => make("tr", {}, row.map((cell, place) =>
      (place ? make("td", {}, cell) : make("th", { scope: "row" }, cell)))))));
}

/**
 * A list that is opened by hand, and stays so when it is drawn anew.
 * @param {any} page @param {string} key @param {string} words @param {...any} kids
 */
export function unfolding(page, key, words, ...kids) {
  const element = make("details", {
    class: `kr-log kr-of-${key}`, open: page.unfolded.has(key) || undefined,
    toggle: () => (element.open ? page.unfolded.add(key) : page.unfolded.delete(key)),
  }, make("summary", {}, words), kids);
  return element;
}

/** Something wide that scrolls sideways by itself. @param {string} name @param {HTMLElement} inside */
export function scrollBox(name, inside) {
  return make("div", { class: "kf-scroll", tabindex: "0", role: "region", "aria-label": name }, inside);
}

/** A line to type in. @param {number} most letters @param {Record<string, unknown>} [more] */
export function lineInput(most, more = {}) {
  return make("input", { type: "text", maxlength: most, autocomplete: "off", ...more });
}
