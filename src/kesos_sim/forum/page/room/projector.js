/** A second window for the projector: it shows the stage alone and needs neither server nor kernel. */

import { make } from "../dom.js";
import { showSheet } from "./sheets.js";

/** Letters: 28 px where the wall is 1920 by 1080, smaller in a smaller window, never below 20 px. */
const LETTERS = { wall: 28, least: 20, height: 1080, width: 1920 };
const FAMILY = "Kesos Inter";
/** Keys of a clicker and of a keyboard. @type {Record<string, number>} */
const KEYS = { PageDown: 1, ArrowRight: 1, ArrowDown: 1, " ": 1, PageUp: -1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * @param {object} options
 * @param {string} options.look style sheet @param {() => string} options.title
 * @param {(root: HTMLElement) => void} options.draw draws the stage
 * @param {() => string} options.shown changes when the room is shown something else: page 1 again
 * @param {() => number} options.size how much larger letters are wanted
 * @param {(page: number, pages: number) => string} options.words
 * @param {() => void} options.onSheets the number of pages or the page has changed
 * @param {() => void} options.onClosed
 */
export function projectorWindow({ look, title, draw, shown, size, words, onSheets, onClosed }) {
  /** @type {Window|null} */
  let view = null;
  /** @type {HTMLElement|null} */
  let root = null;
  let sheets = { sheet: 0, sheets: 1 };
  let last = "";

  /** Open it, or bring it to the front. @returns {boolean} whether the browser allowed it */
  function open() {
    if (view && !view.closed) {
      view.focus();
      return true;
    }
    view = window.open("", "kesos-room-projector", "popup,width=1280,height=720");
    if (!view) return false;
    const page = view.document;
    page.documentElement.lang = document.documentElement.lang || "id";
    const style = make("style");
    style.textContent = `${look}\nhtml, body { margin: 0; }`;
    page.head.replaceChildren(style);
    root = make("div", { class: "kf kr-stage kr-projected" });
    page.body.replaceChildren(make("main", {}, root));
    view.addEventListener("resize", update);
    view.addEventListener("keydown", (event) => {
      const by = KEYS[event.key];
      if (!by || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      turn(by);
    });
    lendLetters(view, update);
    update();
    return true;
  }

  /** @returns {boolean} whether there is a window; one that was closed is forgotten */
  function check() {
    if (view?.closed) {
      view = null;
      root = null;
      sheets = { sheet: 0, sheets: 1 };
      onClosed();
    }
    return Boolean(view && root);
  }

  function update() {
    if (!check()) return;
    const { document: page, innerHeight, innerWidth } = /** @type {Window} */ (view);
    const part = Math.min(innerHeight / LETTERS.height, innerWidth / LETTERS.width);
    let letters = Math.max(LETTERS.least, LETTERS.wall * part) * size();
    const wall = /** @type {HTMLElement} */ (root);
    page.title = title();
    const write = () => wall.style.setProperty("--projected", `${Math.round(letters * 100) / 100}px`);
    write();
    draw(wall);
    // Larger letters are a wish: title and notes must leave room for a page of the body.
    while (page.documentElement.scrollHeight > innerHeight && letters > LETTERS.least && tooTight(wall)) {
      letters = Math.max(LETTERS.least, letters - 1);
      write();
    }
    const now = shown();
    const before = sheets;
    sheets = showSheet(wall, now === last ? before.sheet : 0, words);
    last = now;
    if (sheets.sheet !== before.sheet || sheets.sheets !== before.sheets) onSheets();
  }

  /** Go some pages on. @param {number} by */
  function turn(by) {
    const sheet = Math.min(sheets.sheets - 1, Math.max(0, sheets.sheet + by));
    if (sheet === sheets.sheet) return;
    sheets = { ...sheets, sheet };
    update();
    onSheets();
  }

  return {
    open,
    update,
    check,
    turn,
    sheets: () => sheets,
    view: () => (view && !view.closed ? view : null),
    close: () => view?.close(),
  };
}

/** Whether what always stays is taller than the window. @param {HTMLElement} wall */
function tooTight(wall) {
  const notes = wall.querySelector(".kr-notes");
  return Boolean(notes) && notes.getBoundingClientRect().bottom > wall.ownerDocument.defaultView.innerHeight;
}

/**
 * Give a window the letters of this page. They are fetched here: a window without an address of
 * its own should need nothing from the server.
 * @param {Window} view @param {() => void} then the letters are there: lines may break elsewhere
 */
async function lendLetters(view, then) {
  for (const { rule, base } of fontRules()) {
    const [, address] = /url\("?([^")]+)"?\)/.exec(rule.style.getPropertyValue("src")) ?? [];
    if (!address) continue;
    try {
      const bytes = await (await fetch(new URL(address, base))).arrayBuffer();
      const face = new /** @type {any} */ (view).FontFace(FAMILY, bytes, {
        weight: rule.style.getPropertyValue("font-weight") || "400",
      });
      view.document.fonts.add(await face.load());
      then();
    } catch {
      // Without them the wall is written in the letters of the machine.
    }
  }
}

/** Rules of this page that name its letters, and the address that theirs start from. */
function fontRules() {
  return [...document.styleSheets].flatMap((sheet) => {
    try {
      return [...sheet.cssRules].filter((rule) => rule instanceof CSSFontFaceRule
        && rule.style.getPropertyValue("font-family").includes(FAMILY))
        .map((rule) => ({ rule: /** @type {CSSFontFaceRule} */ (rule), base: sheet.href ?? document.baseURI }));
    } catch {
      return []; // a sheet from elsewhere may not be read
    }
  });
}
