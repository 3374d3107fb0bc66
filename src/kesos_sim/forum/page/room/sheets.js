/**
 * Pages of what does not fit on the projector. Title and notes always stay; only the body is cut
 * into pages, each column by itself, and only between its parts, so that no row is seen in half.
 */

/** What must stay whole. */
const PARTS = "h3, p, tr, .kr-range-row, .kr-heat-row, .kr-point, .kr-cards > li, .kr-tiles > li, "
  + ".kr-wall > li, .kr-proposals > li, .kr-waiting, .kr-shocks > li, .kr-about li, .kr-clauses > li, .kr-objections > li, .kr-address, "
  + ".kr-columns, .kr-answer, .kr-lines";

/**
 * Where pages begin.
 * @param {{top: number, bottom: number}[]} parts what must stay whole, measured from the first's top
 * @param {number} whole height of everything @param {number} room height of a page
 * @returns {number[]} tops of the pages, rising, the first is 0
 */
export function sheetTops(parts, whole, room) {
  const tops = [0];
  while (room > 0 && whole - tops.at(-1) > room + 1) {
    const from = tops.at(-1);
    const ends = parts.map((part) => part.top).filter((top) => top > from + 1 && top <= from + room + 1
      && !parts.some((part) => part.top < top - 1 && part.bottom > top + 1));
    // A part that is taller than a page has to be cut all the same.
    tops.push(ends.length ? Math.max(...ends) : from + room);
  }
  return tops;
}

/** What is cut into pages by itself: the body, or each of two columns side by side in it.
 *  @param {HTMLElement} body @returns {HTMLElement[]} */
function columnsOf(body) {
  const both = /** @type {HTMLElement[]} */ ([...body.children]);
  const [left, right] = both.map((one) => one.getBoundingClientRect());
  return both.length === 2 && left.right <= right.left ? both : [body];
}

/**
 * Show one page of the stage that was drawn last.
 * @param {HTMLElement} root of the projector @param {number} sheet which page, from 0
 * @param {(page: number, pages: number) => string} words said beside the phase where there are several
 * @returns {{sheet: number, sheets: number}} what is shown, and how many there are
 */
export function showSheet(root, sheet, words) {
  const body = /** @type {HTMLElement|null} */ (root.querySelector(".kr-body"));
  const phase = root.querySelector(".kr-phase");
  const frame = body?.parentElement;
  if (!body || !phase || !frame) return { sheet: 0, sheets: 1 };
  const room = frame.clientHeight;
  const columns = columnsOf(body).map((element) => {
    const { top, height } = element.getBoundingClientRect();
    const parts = [...element.querySelectorAll(PARTS)].filter((one) => !one.closest(".kf-unseen"))
      .map((one) => one.getBoundingClientRect()).map((box) => ({ top: box.top - top, bottom: box.bottom - top }));
    const whole = element === body ? body.scrollHeight : Math.max(...parts.map((part) => part.bottom));
    return { element, height, tops: [...sheetTops(parts, whole, room), whole] };
  });
  const sheets = Math.max(...columns.map(({ tops }) => tops.length - 1));
  const shown = Math.min(Math.max(0, sheet), sheets - 1);
  if (sheets > 1) {
    frame.style.overflowY = "clip"; // the window must not scroll as well
    for (const { element, height, tops } of columns) {
      const at = Math.min(shown, tops.length - 2); // a column that has ended stays
      element.style.transform = `translateY(${-tops[at]}px)`;
      // What belongs to another page is not begun on this one, not even by a part of a pixel.
      const hair = at + 2 < tops.length ? 1 : 0;
      element.style.clipPath = `inset(${tops[at]}px -1em ${height - tops[at + 1] + hair}px -1em)`;
    }
    phase.append(` · ${words(shown + 1, sheets)}`);
  }
  return { sheet: shown, sheets };
}
