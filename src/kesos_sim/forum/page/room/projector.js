/** A second window for the projector: it shows the stage alone and needs neither server nor kernel. */

import { make } from "../dom.js";

/**
 * @param {object} options
 * @param {string} options.look style sheet @param {() => string} options.title
 * @param {(root: HTMLElement) => void} options.draw draws the stage
 * @param {() => void} options.onClosed
 */
export function projectorWindow({ look, title, draw, onClosed }) {
  /** @type {Window|null} */
  let view = null;
  /** @type {HTMLElement|null} */
  let root = null;

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
    update();
    return true;
  }

  function update() {
    if (!view || !root) return;
    if (view.closed) {
      view = null;
      root = null;
      onClosed();
      return;
    }
    view.document.title = title();
    draw(root);
  }

  return {
    open,
    update,
    view: () => (view && !view.closed ? view : null),
    root: () => root,
    close: () => view?.close(),
  };
}
