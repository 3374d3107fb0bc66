/**
 * Charts as SVG: paths over years, range bars, signed bars, dots, histograms.
 *
 * A chart is drawn in the pixels it will have, so that its letters keep their size on a phone.
 */

import {
  LETTER,
  TICK_LETTER,
  LINE,
  apart,
  axisBelow,
  freeOrder,
  nameAndValue,
  nameLines,
  lineThrough,
  markOf,
  scaleOf,
  sheet,
  ticksOf,
} from "./chart_parts.js";
import { draw } from "./dom.js";

/** Height of a bar of a hundred people, of its row, and of the room below the first. */
const SHARE_BAR = 24;
const SHARE_ROW = 29;
const SHARE_APART = 8;

/**
 * @typedef {{low: number, high: number}} Axis
 * @typedef {"base"|"a"|"b"|"target"} Role colour, line and mark of a series
 * @typedef {{name: string, role: Role, low: number[], mid: number[], high: number[]}} Path
 * @typedef {{label: string, role: Role, low: number, mid: number, high: number, text: string,
 *   idle?: boolean}} RangeRow `idle` where coordination has no effect: hollow, on a dotted line
 */

/**
 * Lines over years, each with its band and its name at the end.
 * @param {{years: number[], paths: Path[], axis: Axis, tick: (value: number) => string, xTicks?: number[], marks?: boolean,
 *          summary: string, width: number, height?: number}} options
 */
export function pathChart({
  years,
  paths,
  axis,
  tick,
  summary,
  width,
  xTicks = years,
  marks = true,
  height = 240,
}) {
  const ticks = ticksOf(axis);
  const left = Math.max(...ticks.map((value) => tick(value).length)) * TICK_LETTER + 10;
  const widest = Math.max(...paths.map((path) => path.name.length)) * LETTER + 14;
  // Where names would leave less than half of a phone, they stand in a key above instead.
  const beside = width - left - widest > width / 2;
  const right = beside ? widest : 12;
  const top = beside ? 12 : 12 + LINE * paths.length;
  const x = scaleOf({ low: years[0], high: years[years.length - 1] }, left, width - right);
  const y = scaleOf(axis, height - 28, top);
  const svg = sheet(width, height, summary);
  for (const value of ticks) {
    svg.append(
      draw("line", { x1: left, x2: width - right, y1: y(value), y2: y(value), class: "kf-grid" }),
      draw(
        "text",
        { x: left - 8, y: y(value) + 5, class: "kf-tick", "text-anchor": "end" },
        tick(value),
      ),
    );
  }
  const every = xTicks.length * 44 > width - left - right ? 2 : 1;
  xTicks.forEach((year, place) => {
    if ((xTicks.length - 1 - place) % every) return;
    const atEnd = x(year) + 18 > width;
    svg.append(
      draw(
        "text",
        {
          x: atEnd ? width - 2 : x(year),
          y: height - 6,
          class: "kf-tick",
          "text-anchor": atEnd ? "end" : "middle",
        },
        year,
      ),
    );
  });
  const xs = years.map(x);
  for (const path of paths) {
    const upper = lineThrough(xs, path.high.map(y));
    const lower = lineThrough([...xs].reverse(), [...path.low].reverse().map(y)).replace("M", "L");
    svg.append(draw("path", { d: `${upper}${lower}Z`, class: `kf-band kf-of-${path.role}` }));
  }
  for (const path of paths) {
    svg.append(
      draw("path", { d: lineThrough(xs, path.mid.map(y)), class: `kf-line kf-of-${path.role}` }),
    );
    if (marks && (path.role === "a" || path.role === "b")) {
      xs.forEach((at, place) => svg.append(markOf(path.role, at, y(path.mid[place]), 4)));
    }
  }
  if (beside) {
    const ends = apart(
      paths.map((path) => y(path.mid[path.mid.length - 1])),
      top + 4,
      height - 30,
    );
    paths.forEach((path, place) =>
      svg.append(
        draw(
          "text",
          { x: width - right + 10, y: ends[place] + 5, class: `kf-name kf-of-${path.role}` },
          path.name,
        ),
      ),
    );
  } else {
    paths.forEach((path, place) =>
      svg.append(...keyLine(path.name, path.role, 2, place * LINE + 8)),
    );
  }
  return svg;
}

/** @param {string} name @param {Role} role @param {number} x @param {number} y */
function keyLine(name, role, x, y) {
  return [
    draw("line", { x1: x, x2: x + 28, y1: y, y2: y, class: `kf-line kf-of-${role}` }),
    role === "a" || role === "b" ? markOf(role, x + 14, y, 4) : draw("g"),
    draw("text", { x: x + 36, y: y + 5, class: `kf-name kf-of-${role}` }, name),
  ];
}

/**
 * Low, middle and high of several cases on one axis, the name above each bar.
 * @param {{rows: RangeRow[], axis: Axis, tick: (value: number) => string, summary: string,
 *          width: number, line?: number|null}} options `line` is a value drawn through all rows
 */
export function rangeChart({ rows, axis, tick, summary, width, line = null }) {
  const names = rows.map((row) => nameLines(row.label, row.text, width));
  const heights = names.map((lines) => 50 + (lines.length - 1) * LINE);
  const height = heights.reduce((sum, one) => sum + one, 30);
  const x = scaleOf(axis, 12, width - 12);
  const svg = sheet(width, height, summary);
  axisBelow(svg, axis, x, tick, height, width);
  if (line !== null) {
    svg.append(
      draw("line", { x1: x(line), x2: x(line), y1: 4, y2: height - 26, class: "kf-guide" }),
    );
  }
  rows.forEach((row, place) => {
    const top = heights.slice(0, place).reduce((sum, one) => sum + one, 0);
    const base = top + heights[place] - 18;
    const look = row.idle ? " kf-idle" : "";
    svg.append(
      ...nameAndValue(names[place], row.text, top + 16, width),
      draw("line", {
        x1: x(row.low),
        x2: x(row.high),
        y1: base,
        y2: base,
        class: `kf-range-line kf-of-${row.role}${look}`,
      }),
      draw("line", {
        x1: x(row.low),
        x2: x(row.low),
        y1: base - 6,
        y2: base + 6,
        class: `kf-whisker kf-of-${row.role}`,
      }),
      draw("line", {
        x1: x(row.high),
        x2: x(row.high),
        y1: base - 6,
        y2: base + 6,
        class: `kf-whisker kf-of-${row.role}`,
      }),
      markOf(row.role, x(row.mid), base, 6, look),
    );
  });
  return svg;
}

/**
 * Bars to the left and right of zero, with the range where there is one.
 * @param {{rows: {label: string, value: number, low?: number, high?: number, text: string}[],
 *          axis: Axis, tick: (value: number) => string, summary: string, width: number,
 *          kinds?: string[]}} options `kinds` gives each row's class; by sign if left out
 */
export function signedChart({ rows, axis, tick, summary, width, kinds }) {
  const names = rows.map((row) => nameLines(row.label, row.text, width));
  const heights = names.map((lines) => 46 + (lines.length - 1) * LINE);
  const height = heights.reduce((sum, one) => sum + one, 30);
  const x = scaleOf(axis, 12, width - 12);
  const svg = sheet(width, height, summary);
  axisBelow(svg, axis, x, tick, height, width);
  svg.append(draw("line", { x1: x(0), x2: x(0), y1: 4, y2: height - 26, class: "kf-zero" }));
  rows.forEach((row, place) => {
    const top = heights.slice(0, place).reduce((sum, one) => sum + one, 0);
    const base = top + heights[place] - 22;
    const [from, to] = [x(Math.min(0, row.value)), x(Math.max(0, row.value))];
    const kind = kinds ? kinds[place] : row.value < 0 ? "loss" : "gain";
    svg.append(
      ...nameAndValue(names[place], row.text, top + 16, width),
      draw("rect", {
        x: from,
        y: base,
        width: Math.max(to - from, 1),
        height: 16,
        class: `kf-bar kf-${kind}`,
      }),
    );
    if (row.low !== undefined && row.high !== undefined) {
      const middle = base + 8;
      svg.append(
        draw("line", {
          x1: x(row.low),
          x2: x(row.high),
          y1: middle,
          y2: middle,
          class: "kf-spread",
        }),
        draw("line", {
          x1: x(row.low),
          x2: x(row.low),
          y1: middle - 5,
          y2: middle + 5,
          class: "kf-spread",
        }),
        draw("line", {
          x1: x(row.high),
          x2: x(row.high),
          y1: middle - 5,
          y2: middle + 5,
          class: "kf-spread",
        }),
      );
    }
  });
  return svg;
}

/**
 * Bars of a hundred people in parts, with their numbers in them where they fit; the first bar, of
 * everybody, stands apart.
 * @param {{summary: string, width: number, rows: {label: string, parts: {
 *   kind: "gain-much"|"gain"|"count"|"loss"|"loss-much", value: number, text: string}[]}[]}}
 *   options
 */
export function shareChart({ rows, summary, width }) {
  const left = Math.max(...rows.map(({ label }) => label.length)) * LETTER + 14;
  const x = scaleOf({ low: 0, high: 100 }, left, width - 1);
  const top = (/** @type {number} */ row) => row * SHARE_ROW + (row ? SHARE_APART : 0) + 1;
  const svg = sheet(width, top(rows.length), summary);
  rows.forEach(({ label, parts }, row) => {
    const middle = top(row) + SHARE_BAR / 2 + 5;
    svg.append(
      draw("text", { x: 0, y: middle, class: row ? "kf-tick" : "kf-name" }, label),
    );
    let from = 0;
    for (const { kind, value, text } of parts) {
      const [start, end] = [x(from), x(from + value)];
      const box = { x: start, y: top(row), width: end - start, height: SHARE_BAR };
      svg.append(draw("rect", { ...box, class: `kf-bar kf-${kind}` }));
      if (end - start > text.length * TICK_LETTER)
        svg.append(
          draw(
            "text",
            { x: (start + end) / 2, y: middle, class: "kf-name", "text-anchor": "middle" },
            text,
          ),
        );
      from += value;
    }
  });
  return svg;
}

/**
 * A hundred dots, so many of them full.
 * @param {{full: number, also?: number, summary: string, width: number, columns?: number}} options
 *   `also` dots stand for what the range adds and are drawn half full
 */
export function dotChart({ full, also = 0, summary, width, columns = 20 }) {
  const cell = Math.min(width / columns, 26);
  const rows = Math.ceil(100 / columns);
  const svg = sheet(cell * columns, cell * rows, summary);
  for (let place = 0; place < 100; place += 1) {
    const kind = place < full ? "full" : place < full + also ? "half" : "empty";
    svg.append(
      draw("circle", {
        cx: (place % columns) * cell + cell / 2,
        cy: Math.floor(place / columns) * cell + cell / 2,
        r: cell * 0.36,
        class: `kf-person kf-person-${kind}`,
      }),
    );
  }
  return svg;
}

/**
 * How often which value was guessed, and lines for the median and the model.
 * @param {{bins: {low: number, high: number, count: number}[], lines: {value: number, text: string,
 *          role: Role}[], axis: Axis, tick: (value: number) => string, summary: string,
 *          width: number}} options
 */
export function histogramChart({ bins, lines, axis, tick, summary, width }) {
  const height = 190 + lines.length * LINE;
  const top = lines.length * LINE + 10;
  const x = scaleOf(axis, 12, width - 12);
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  const y = scaleOf({ low: 0, high: most }, height - 28, top + 6);
  const svg = sheet(width, height, summary);
  axisBelow(svg, axis, x, tick, height, width);
  for (const bin of bins) {
    const wide = Math.max(x(bin.high) - x(bin.low) - 1, 1);
    svg.append(
      draw("rect", {
        x: x(bin.low),
        y: y(bin.count),
        width: wide,
        height: y(0) - y(bin.count),
        class: "kf-bar kf-count",
      }),
    );
  }
  const named = lines.map(({ value, text, role }) => ({ at: x(value), text, role }));
  freeOrder(named, width).forEach(({ at, text, role, anchor }, place) => {
    const from = place * LINE + 16;
    svg.append(
      draw("line", {
        x1: at,
        x2: at,
        y1: from - 10,
        y2: height - 28,
        class: `kf-line kf-of-${role}`,
      }),
      draw(
        "text",
        {
          x: at + (anchor === "end" ? -6 : 6),
          y: from,
          class: `kf-name kf-of-${role}`,
          "text-anchor": anchor,
        },
        text,
      ),
    );
  });
  return svg;
}
