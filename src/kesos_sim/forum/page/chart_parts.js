/** What all charts are made of: axes, scales, marks, names. */

import { draw } from "./dom.js";

/**
 * @typedef {{low: number, high: number}} Axis
 * @typedef {"base"|"a"|"b"|"target"} Role colour, line and mark of a series
 */

export const LETTER = 8.8; // width of a letter of 14 px, a little more than the font's mean
export const TICK_LETTER = 10; // figures are wider, and a cut figure is a wrong one
export const LINE = 20;

/** Round values that divide an axis. @param {Axis} axis @param {number} [about] @returns {number[]} */
export function ticksOf({ low, high }, about = 6) {
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((part) => part * power).find((one) => one >= rough * 0.999);
  const ticks = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at += 1) {
    ticks.push(Number((at * step).toPrecision(12)));
  }
  return ticks;
}

/** Decimals that the ticks of an axis need. @param {Axis} axis @returns {number} */
export function tickDecimals(axis) {
  const ticks = ticksOf(axis);
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}

/** An axis with round ends that holds some values. @param {number[]} values
 *  @param {{zero?: boolean, room?: number}} [options] @returns {Axis} */
export function axisOf(values, { zero = false, room = 0.04 } = {}) {
  const known = values.filter((value) => Number.isFinite(value));
  let low = Math.min(...known);
  let high = Math.max(...known);
  if (zero) [low, high] = [Math.min(low, 0), Math.max(high, 0)];
  if (!(high > low))
    [low, high] = [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2];
  const margin = (high - low) * room;
  const ticks = ticksOf({ low, high });
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : high - low;
  const from = zero && low === 0 ? 0 : Math.floor((low - margin) / step) * step;
  const to = zero && high === 0 ? 0 : Math.ceil((high + margin) / step) * step;
  return { low: Number(from.toPrecision(12)), high: Number(to.toPrecision(12)) };
}

/** @param {Axis} axis @param {number} from @param {number} to */
export function scaleOf({ low, high }, from, to) {
  return (/** @type {number} */ value) =>
    from + ((Math.min(Math.max(value, low), high) - low) / (high - low)) * (to - from);
}

/** @param {number} width @param {number} height @param {string} summary */
export function sheet(width, height, summary) {
  return draw("svg", {
    class: "kf-chart",
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "aria-label": summary,
    style: `width: calc(${width}px * var(--chart, 1))`,
  });
}

/** @param {number[]} xs @param {number[]} ys */
export function lineThrough(xs, ys) {
  return xs
    .map((x, place) => `${place ? "L" : "M"}${x.toFixed(1)} ${ys[place].toFixed(1)}`)
    .join("");
}

/** Move labels apart that would lie on each other. @param {number[]} wanted @param {number} top
 *  @param {number} bottom @returns {number[]} */
export function apart(wanted, top, bottom) {
  const order = wanted.map((_, place) => place).sort((a, b) => wanted[a] - wanted[b]);
  const placed = [...wanted];
  order.forEach((place, rank) => {
    const floor = rank ? placed[order[rank - 1]] + LINE : top;
    placed[place] = Math.max(placed[place], floor);
  });
  [...order].reverse().forEach((place, rank) => {
    const ceiling = rank ? placed[order[order.length - rank]] - LINE : bottom;
    placed[place] = Math.min(placed[place], ceiling);
  });
  return placed;
}

/**
 * Names of upright lines, one below the other: in the order and on the sides in which the fewest
 * lines of names above run through a name.
 * @template {{at: number, text: string}} Named
 * @param {Named[]} named @param {number} width
 * @returns {(Named & {anchor: "start"|"end"})[]}
 */
export function freeOrder(named, width) {
  const ends = (/** @type {Named} */ { at, text }, /** @type {"start"|"end"} */ anchor) => {
    const long = text.length * LETTER;
    return anchor === "end" ? [at - 6 - long, at - 6] : [at + 6, at + 6 + long];
  };
  const sides = (/** @type {Named} */ one) => {
    const all = /** @type {("start"|"end")[]} */ (one.at > width / 2 ? ["end", "start"] : ["start", "end"]);
    const fit = all.filter((side) => ends(one, side)[0] >= 0 && ends(one, side)[1] <= width);
    return fit.length ? fit : all.slice(0, 1);
  };
  let best = { cost: Infinity, placed: /** @type {(Named & {anchor: "start"|"end"})[]} */ ([]) };
  const place = (/** @type {typeof best.placed} */ placed, /** @type {Named[]} */ rest, /** @type {number} */ cost) => {
    if (cost >= best.cost) return;
    if (!rest.length) best = { cost, placed };
    for (const one of rest) {
      for (const anchor of sides(one)) {
        const [from, to] = ends(one, anchor);
        const crossed = placed.filter(({ at }) => at > from && at < to).length;
        place([...placed, { ...one, anchor }], rest.filter((other) => other !== one), cost + crossed);
      }
    }
  };
  place([], named, 0);
  return best.placed;
}

/** A round mark, or a square one for the second package.
 *  @param {Role} role @param {number} x @param {number} y @param {number} [size]
 *  @param {string} [look] more classes, each with a space before it */
export function markOf(role, x, y, size = 5, look = "") {
  const style = `kf-dot kf-of-${role}${look}`;
  if (role === "b") {
    return draw("rect", {
      x: x - size,
      y: y - size,
      width: 2 * size,
      height: 2 * size,
      class: style,
    });
  }
  return draw("circle", { cx: x, cy: y, r: size, class: style });
}

/** How many letters a name may have beside its value. @param {string} text @param {number} width */
const nameRoom = (text, width) => Math.floor((width - 24 - text.length * LETTER - 12) / LETTER);

/** A name that fits beside its value; a longer one is cut.
 *  @param {string} label @param {string} text @param {number} width */
function cutName(label, text, width) {
  const room = nameRoom(text, width);
  return label.length > room && room > 4 ? label.slice(0, room - 1).trimEnd() + "…" : label;
}

/** A name in one line beside its value, or in two where it is too long; only what is longer than
 *  that is cut. @param {string} label @param {string} text @param {number} width
 *  @returns {string[]} */
export function nameLines(label, text, width) {
  const room = nameRoom(text, width);
  if (label.length <= room) return [label];
  const at = label.lastIndexOf(" ", room);
  if (at < 1) return [cutName(label, text, width)];
  return [label.slice(0, at), cutName(label.slice(at + 1), "", width)];
}

/** Name at the left, value at the right of its first line.
 *  @param {string[]} lines @param {string} text @param {number} y @param {number} width */
export function nameAndValue(lines, text, y, width) {
  return [
    ...lines.map((line, at) =>
      draw("text", { x: 12, y: y + at * LINE, class: "kf-row-name" }, line),
    ),
    draw("text", { x: width - 12, y, class: "kf-row-value", "text-anchor": "end" }, text),
  ];
}

/** @param {SVGElement} svg @param {Axis} axis @param {(value: number) => number} x
 *  @param {(value: number) => string} tick @param {number} height @param {number} width */
export function axisBelow(svg, axis, x, tick, height, width) {
  const longest = Math.max(...ticksOf(axis).map((value) => tick(value).length)) * LETTER + 12;
  const about = Math.max(2, Math.min(6, Math.floor((width - 24) / longest) - 1));
  let ticks = ticksOf(axis, about);
  for (let more = about + 1; ticks.length < 3 && more <= 8; more += 1) {
    const finer = ticksOf(axis, more);
    if (x(finer[1]) - x(finer[0]) >= longest) ticks = finer;
  }
  const spot = (/** @type {number} */ value) => {
    const at = x(value);
    const long = tick(value).length * LETTER;
    const anchor = at - long / 2 < 0 ? "start" : at + long / 2 > width ? "end" : "middle";
    const from = { start: 2, middle: at - long / 2, end: width - 2 - long }[anchor];
    return { value, at, anchor, from, to: from + long };
  };
  let spots = ticks.map(spot);
  // At the edges names move inwards, perhaps onto their neighbours.
  while (spots.some(({ from }, place) => place && spots[place - 1].to > from)) {
    spots = spots.filter((_, place) => place % 2 === 0);
  }
  for (const { value, at, anchor } of spots) {
    svg.append(
      draw("line", { x1: at, x2: at, y1: 4, y2: height - 26, class: "kf-grid" }),
      draw(
        "text",
        {
          x: anchor === "start" ? 2 : anchor === "end" ? width - 2 : at,
          y: height - 6,
          class: "kf-tick",
          "text-anchor": anchor,
        },
        tick(value),
      ),
    );
  }
}
