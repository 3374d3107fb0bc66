/** The frame of a chart: its sentence, its picture, its note, and the table behind it. */

import { fill, make, unbroken } from "./dom.js";

/**
 * @typedef {{caption: string, head: string[], rows: string[][]}} TableTwin
 */

/** A table with a caption; all but the first column are numbers.
 *  @param {TableTwin} twin @returns {HTMLTableElement} */
export function tableOf({ caption, head, rows }) {
  return make(
    "table",
    {},
    make("caption", {}, caption),
    make(
      "thead",
      {},
      make(
        "tr",
        {},
        head.map((text) => make("th", { scope: "col" }, text)),
      ),
    ),
    make(
      "tbody",
      {},
      rows.map((row) =>
        make(
          "tr",
          {},
          row.map((text, place) =>
            place ? make("td", {}, unbroken(text)) : make("th", { scope: "row" }, text),
          ),
        ),
      ),
    ),
  );
}

/**
 * The frame of a chart: sentence, picture, note, table.
 * @param {string} tableWords for instance "Lihat sebagai tabel"
 */
export function chartFrame(tableWords) {
  const title = make("figcaption", {});
  const picture = make("div", { class: "kf-picture" });
  const note = make("p", { class: "kf-quiet" });
  const scroll = make("div", { class: "kf-scroll", tabindex: "0", role: "group" });
  const element = make(
    "figure",
    { class: "kf-figure" },
    title,
    picture,
    note,
    make("details", {}, make("summary", {}, tableWords), scroll),
  );

  /** @param {{title: string, picture: Element|Element[], table: TableTwin, note?: string}} shown */
  function set(shown) {
    fill(title, unbroken(shown.title));
    fill(picture, shown.picture);
    fill(note, unbroken(shown.note ?? ""));
    note.hidden = !shown.note;
    scroll.setAttribute("aria-label", shown.table.caption);
    fill(scroll, tableOf(shown.table));
  }

  return { element, set };
}
