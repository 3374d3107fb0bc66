/** Elements of the page. Data only ever becomes text nodes and plain attributes, never markup. */

/**
 * @typedef {any} Child a node, text, a list of these; null and false are nothing
 * @typedef {Record<string, unknown>} Attributes
 */

const SVG_SPACE = "http://www.w3.org/2000/svg";

/** @param {Element} node @param {Attributes} attributes */
function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, /** @type {any} */ (value));
    else node.setAttribute(name, value === true ? "" : String(value));
  }
}

/** @param {Element} node @param {Child[]} children */
function addChildren(node, children) {
  for (const child of /** @type {any[]} */ (children.flat(Infinity))) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
}

/**
 * Make an element; a function among the attributes listens to the event of that name.
 * @param {string} tag @param {Attributes} [attributes] @param {...Child} children
 * @returns {any}
 */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  setAttributes(node, attributes);
  addChildren(node, children);
  return node;
}

/**
 * Make an element of a drawing.
 * @param {string} tag @param {Attributes} [attributes] @param {...Child} children
 * @returns {any}
 */
export function draw(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG_SPACE, tag);
  setAttributes(node, attributes);
  addChildren(node, children);
  return node;
}

/** A text in which no range is broken at its dash: "9–15" stays in one line.
 *  @param {string} text @returns {Child[]} */
export const unbroken = (text) =>
  text
    .split(/(\S*\d–\S+)/)
    .map((part, place) => (place % 2 ? make("span", { class: "kf-whole" }, part) : part));

/** Put other children into an element. @param {Element} node @param {...Child} children */
export function fill(node, ...children) {
  node.replaceChildren();
  addChildren(node, children);
}

/** Write a text unless it is there already. @param {Element} node @param {string} text */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Show or hide. @param {any} node @param {boolean} shown */
export function show(node, shown) {
  if (node.hidden === shown) node.hidden = !shown;
}

/**
 * Make a button that does not send a form.
 * @param {string} label @param {(event: Event) => void} act @param {Attributes} [attributes]
 */
export function button(label, act, attributes = {}) {
  return make("button", { type: "button", class: "kf-button", click: act, ...attributes }, label);
}

let madeNames = 0;

/** A name for an element that no other element has. @param {string} stem @returns {string} */
export function uniqueName(stem) {
  madeNames += 1;
  return `kf-${stem}-${madeNames}`;
}

/** Random hexadecimal digits. @param {number} bytes @returns {string} */
export function randomHex(bytes) {
  const drawn = crypto.getRandomValues(new Uint8Array(bytes));
  return [...drawn].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A random identifier in the form of a UUID. @returns {string} */
export function randomId() {
  // crypto.randomUUID exists only on https and localhost; a meeting's page is plain http.
  const hex = randomHex(16).split("");
  hex[12] = "4";
  hex[16] = "89ab"[parseInt(hex[16], 16) % 4];
  const text = hex.join("");
  const cuts = [0, 8, 12, 16, 20, 32];
  return cuts
    .slice(1)
    .map((end, place) => text.slice(cuts[place], end))
    .join("-");
}
