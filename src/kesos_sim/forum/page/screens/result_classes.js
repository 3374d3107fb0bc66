/** Who has more and who has less: people in five classes, everybody and by tenth. */

import { shareChart } from "../charts.js";
import { make } from "../dom.js";
import { fiveClasses } from "../surface.js";

/** @typedef {import("../app.js").App} App */

const FLOWS = ["people_gaining", "people_losing", "people_gaining_much", "people_losing_much"];
const CLASSES = /** @type {const} */ (["gain-much", "gain", "count", "loss", "loss-much"]);

/** Whole numbers that still make a hundred. @param {number[]} of */
function wholeClasses([most, more, , less, least]) {
  const up = Math.round(most + more);
  const down = Math.min(Math.round(less + least), 100 - up);
  const [much, little] = [Math.min(Math.round(most), up), Math.min(Math.round(least), down)];
  return [much, up - much, 100 - up - down, down - little, little];
}

/** @param {App} app @param {any} frame @param {any} answer @param {number} width */
export function classesChart(app, frame, answer, width) {
  const { say, numbers, outlook, store } = app;
  const { levers, place, shock } = store.state.work;
  const idle = outlook.coordinated(levers)
    ? outlook.answer({ levers, place, shock, effect: false })
    : null;
  const rowsOf = (/** @type {any} */ of, /** @type {boolean} */ effect) => {
    const all = fiveClasses(...FLOWS.map((name) => outlook.headlineOf(of, name).package[1]));
    const tenths = outlook.tenths({ levers, place, shock, effect }) ?? [];
    return [all, ...tenths].map((shares, decile) => ({
      label: decile ? say("decile", { decile }) : say("chart_all_name"),
      shares: wholeClasses(shares),
    }));
  };
  const drawn = rowsOf(answer, true);
  const none = idle && rowsOf(idle, false);
  const whole = (/** @type {number} */ of) => numbers.number(of, { decimals: 0 });
  const told = (/** @type {string} */ key, /** @type {any[]} */ [{ shares }]) => {
    const [much, more, same, less, little] = shares.map(whole);
    return say(key, { much, more, same, less, little });
  };
  const bars = (/** @type {string} */ summary, /** @type {any[]} */ rows) =>
    shareChart({
      summary,
      width,
      rows: rows.map(({ label, shares }) => ({
        label,
        parts: CLASSES.map((kind, at) => ({ kind, value: shares[at], text: whole(shares[at]) })),
      })),
    });
  const title = told("chart_all", drawn);
  const zero = none && told("chart_all_idle", none);
  const by = drawn.length > 1;
  const points = (/** @type {string} */ name) =>
    numbers.points(outlook.surface.errors[`${name}_by_decile`].mae, { decimals: 1 });
  const cells = (/** @type {any[]} */ rows, /** @type {string} */ ending) =>
    rows.map(({ label, shares }) => [`${label}${ending}`, ...shares.map(whole)]);
  frame.set({
    title,
    picture: [
      classKey(app),
      bars(title, drawn),
      ...(none && zero ? [make("p", { class: "kf-case" }, zero), bars(zero, none)] : []),
    ],
    note: by
      ? say("chart_classes_note", {
          gaining: points("people_gaining"),
          losing: points("people_losing"),
        })
      : say("chart_classes_only", { place: app.placeName(outlook.surface.places[0]) }),
    table: {
      caption: say(by ? "chart_classes_table" : "chart_classes_table_all", {
        idle: none ? say("chart_classes_idle_means") : "",
      }),
      head: [say("chart_classes_who"), ...CLASSES.map((kind) => say(`class_${kind}`))],
      rows: [...cells(drawn, ""), ...cells(none ?? [], `, ${say("chart_classes_idle")}`)],
    },
  });
}

/** What the colours mean, in the order of the bars. @param {App} app */
function classKey({ say }) {
  return make(
    "ul",
    { class: "kf-key" },
    CLASSES.map((kind) =>
      make("li", {}, make("span", { class: `kf-swatch kf-${kind}` }), say(`class_${kind}`)),
    ),
  );
}
