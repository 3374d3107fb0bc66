/**
 * The charts of the stage. Their text is ordinary text beside the marks, so that it grows with the
 * projector's letters and never shrinks with a drawing.
 */

import { draw, make } from "../dom.js";

/**
 * @typedef {{low: number, high: number}} Axis
 * @typedef {[number, number, number]} Range low, middle, high
 */

/** @param {number} value @param {Axis} axis */
const placeOn = (value, { low, high }) => Math.min(100, Math.max(0, (100 * (value - low)) / (high - low)));

/** A mark at one value. @param {string} look @param {number} value @param {Axis} axis */
const markAt = (look, value, axis, ...words) =>
  make("span", { class: look, style: `left:${placeOn(value, axis)}%` }, ...words);

/** A bar from one value to another. @param {string} look @param {Range} range @param {Axis} axis */
function barOver(look, [low, , high], axis) {
  const width = Math.max(0.6, placeOn(high, axis) - placeOn(low, axis));
  return make("span", { class: look, style: `left:${placeOn(low, axis)}%;width:${width}%` });
}

/** Multiples of the step, so that zero is among them, and the ends where there is room for them.
 *  @param {Axis} axis @param {number} step */
function roundValues({ low, high }, step) {
  const first = Math.ceil(low / step - 1e-9);
  const many = Math.floor(high / step + 1e-9) - first + 1;
  const values = Array.from({ length: Math.max(0, many) }, (_, place) => Math.round((first + place) * step * 1e6) / 1e6);
  if (!values.length || values[0] - low > 0.6 * step) values.unshift(low);
  if (high - values.at(-1) > 0.6 * step) values.push(high);
  return values;
}

/** The numbers below an axis; those at its ends stay within it. */
const tickMarks = (axis, step, tick) => roundValues(axis, step).map((value) => {
  const place = placeOn(value, axis);
  return markAt(`kr-tick${place < 3 ? " kr-at-low" : place > 97 ? " kr-at-high" : ""}`, value, axis, tick(value));
});

/**
 * Ranges below each other on one axis.
 * @param {object} given
 * @param {{label: string, tag?: string, range: Range|null, zero?: Range|null, words: string,
 *   before?: number, look?: string, lit?: boolean}[]} given.rows `zero` is the case without effect of
 *   coordination, `before` the middle without a shock
 * @param {Axis} given.axis
 * @param {{value: number, words: string}|null} given.line the level without any change
 * @param {(value: number) => string} given.tick writes a number of the axis
 * @param {number} given.step distance of the numbers on the axis
 */
export function rangeRows({ rows, axis, line, tick, step }) {
  const field = (row) => make("div", { class: "kr-track" },
    line && markAt("kr-level", line.value, axis),
    row.zero && barOver("kr-zero", row.zero, axis),
    row.zero && markAt("kr-zero-middle", row.zero[1], axis),
    row.range && barOver("kr-bar", row.range, axis),
    row.range && markAt("kr-middle", row.range[1], axis),
    row.before !== undefined && markAt("kr-before", row.before, axis, "◆"));
  return make("div", { class: "kr-ranges", "aria-hidden": "true" },
    line && make("div", { class: "kr-range-row kr-level-row" }, make("span", {}),
      make("div", { class: "kr-track" },
        markAt(`kr-level-words${placeOn(line.value, axis) > 60 ? " kr-leftward" : ""}`, line.value, axis, line.words)),
      make("span", {})),
    rows.map((row) => make("div", {
      class: `kr-range-row ${row.lit ? "kr-lit" : ""} ${row.look ?? ""}`,
    },
    make("div", { class: "kr-range-label" }, row.tag && make("span", { class: "kr-tile" }, row.tag),
      make("span", {}, row.label)),
    field(row), make("div", { class: "kr-range-words" }, row.words))),
    make("div", { class: "kr-range-row kr-axis" }, make("span", {}),
      make("div", { class: "kr-track" },
        tickMarks(axis, step, tick)),
      make("span", {})));
}

/**
 * Bars of counted guesses, and what the model says below them on the same axis.
 * @param {object} given
 * @param {{low: number, high: number, count: number}[]} given.bins
 * @param {Axis} given.axis
 * @param {{value: number, words: string}|null} given.middle the room's middle
 * @param {{look: string, range: Range, words: string}[]} given.answers the model and zero effect
 * @param {(value: number) => string} given.tick
 * @param {number} given.step
 */
export function histogram({ bins, axis, middle, answers, tick, step }) {
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  return make("div", { class: "kr-histogram", "aria-hidden": "true" },
    make("div", { class: "kr-columns" },
      bins.map((bin) => make("div", { class: "kr-column" },
        bin.count > 0 && make("span", { class: "kr-count" }, bin.count),
        make("span", { class: "kr-block", style: `height:${(85 * bin.count) / most}%` }))),
      middle && markAt(`kr-room-middle${placeOn(middle.value, axis) > 45 ? " kr-leftward" : ""}`, middle.value, axis,
        make("b", {}, middle.words))),
    make("div", { class: "kr-track kr-ticks" },
      tickMarks(axis, step, tick)),
    answers.map((answer) => make("div", { class: `kr-answer ${answer.look}` },
      make("div", { class: "kr-track" }, barOver("kr-bar", answer.range, axis),
        markAt("kr-middle", answer.range[1], axis)),
      make("p", {}, answer.words))));
}

/**
 * Lines over the years, one of which moves away from the first.
 * @param {object} given
 * @param {number[]} given.years
 * @param {Range[]} given.base without the package @param {Range[]} given.moved with it
 * @param {Range[]|null} given.zero with it, if coordination changed nothing
 * @param {Axis} given.axis @param {(value: number) => string} given.tick
 * @param {{base: string, moved: string, zero: string}} given.words labels at the ends
 * @returns {{element: HTMLElement, at: (share: number) => void}} `at` places the moving line
 *   between the first one (0) and where it ends (1)
 */
export function twoLines({ years, base, moved, zero, axis, tick, words }) {
  const last = years.length - 1;
  const across = (place) => (100 * place) / Math.max(1, last);
  const down = (value) => 100 - placeOn(value, axis);
  const path = (values) => values
    .map((value, place) => `${place ? "L" : "M"}${across(place)} ${down(value)}`).join("");
  const middles = (rows) => rows.map((row) => row[1]);
  const around = (rows) => `${path(rows.map((row) => row[2]))}${[...rows.keys()].reverse()
    .map((place) => `L${across(place)} ${down(rows[place][0])}`).join("")}Z`;
  const line = draw("path", { class: "kr-line kr-moved" });
  const band = draw("path", { class: "kr-band" });
  const drawing = draw("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none" }, band,
    draw("path", { class: "kr-line kr-base", d: path(middles(base)) }),
    zero && draw("path", { class: "kr-line kr-without", d: path(middles(zero)) }), line);
  const labels = [
    { element: make("span", { class: "kr-base" }, words.base), value: () => base[last][1] },
    ...(zero ? [{ element: make("span", { class: "kr-without" }, words.zero), value: () => zero[last][1] }] : []),
  ];
  let end = base[last][1];
  labels.push({ element: make("span", { class: "kr-moved" }, words.moved), value: () => end });

  /** @param {number} share */
  function at(share) {
    const now = moved.map((row, place) => row.map((value, which) =>
      base[place][which] + share * (value - base[place][which])));
    end = now[last][1];
    line.setAttribute("d", path(middles(now)));
    band.setAttribute("d", around(now));
    band.style.opacity = String(0.2 * share);
    const tops = apart(labels.map((label) => down(label.value())));
    // By its own part of the height: a label at the lower end ends there, above the years.
    for (const [place, { element }] of labels.entries()) {
      element.style.top = `${tops[place]}%`;
      element.style.transform = `translateY(-${tops[place]}%)`;
    }
  }

  at(1);
  const values = [axis.low, (axis.low + axis.high) / 2, axis.high];
  const element = make("div", { class: "kr-lines", "aria-hidden": "true" },
    make("div", { class: "kr-lines-values" }, values.map((value) =>
      make("span", { style: `top:${down(value)}%` }, tick(value)))),
    make("div", { class: "kr-lines-field" }, drawing),
    make("div", { class: "kr-lines-ends" }, labels.map((label) => label.element)),
    make("div", { class: "kr-lines-years" }, years.map((year, place) =>
      make("span", { style: `left:${across(place)}%` }, year))));
  return { element, at };
}

/** Keep labels apart, in the order of their values; each may take three lines. @param {number[]} tops */
function apart(tops, gap = 26) {
  const order = [...tops.keys()].sort((a, b) => tops[a] - tops[b] || a - b);
  const placed = [...tops];
  for (let step = 1; step < order.length; step += 1) {
    placed[order[step]] = Math.max(placed[order[step]], placed[order[step - 1]] + gap);
  }
  const over = Math.max(0, Math.max(...placed) - 100);
  return placed.map((top) => top - over);
}

/**
 * Let something go from 0 to 1, or be there at once for people who asked for less motion.
 * @param {(share: number) => void} at @param {number} [milliseconds]
 * @param {Window} [view] the window in which it is seen
 * @returns {() => void} stops it
 */
export function animated(at, milliseconds = 2500, view = window) {
  if (view.matchMedia("(prefers-reduced-motion: reduce)").matches) {
    at(1);
    return () => {};
  }
  const start = view.performance.now();
  let frame = 0;
  const step = (/** @type {number} */ now) => {
    const time = Math.min(1, Math.max(0, (now - start) / milliseconds));
    at(time < 0.5 ? 2 * time * time : 1 - 2 * (1 - time) * (1 - time));
    if (time < 1) frame = view.requestAnimationFrame(step);
  };
  frame = view.requestAnimationFrame(step);
  return () => view.cancelAnimationFrame(frame);
}

/**
 * A square code that a phone reads as an address.
 * @param {string[]} rows rows of "0" and "1" @param {string} words what it leads to
 */
export function addressCode(rows, words) {
  const edge = rows.length + 8;
  const path = rows.flatMap((row, down) => [...row].flatMap((cell, across) =>
    (cell === "1" ? [`M${across + 4} ${down + 4}h1v1h-1z`] : []))).join("");
  return draw("svg", {
    class: "kr-qr", viewBox: `0 0 ${edge} ${edge}`, role: "img", "aria-label": words,
    "shape-rendering": "crispEdges",
  },
  draw("rect", { width: edge, height: edge, fill: "#ffffff" }),
  draw("path", { d: path, fill: "#000000" }));
}
