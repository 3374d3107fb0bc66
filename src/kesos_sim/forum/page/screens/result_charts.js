/** The four charts of screen 7: poverty, budget, who is helped, services. */

import { axisOf } from "../chart_parts.js";
import { dotChart, pathChart, rangeChart, signedChart } from "../charts.js";
import { make } from "../dom.js";
import {
  decileGains,
  idleTail,
  outcomeRange,
  outcomeTick,
  outcomeValue,
  resultSentences,
  untold,
} from "../sentences.js";
import { lowered } from "../setting.js";
import { fullFigure } from "./full_model.js";

/** @typedef {import("../app.js").App} App */

const SERVICE_OUTCOMES = [
  "unmet_need_rate",
  "duplicate_service_rate",
  "days_to_service",
  "coordination_active",
];

/** @param {App} app @param {any} frame @param {any} answer @param {number} width */
export function povertyChart(app, frame, answer, width) {
  const { say, numbers, outlook, store } = app;
  const { levers, place, shock } = store.state.work;
  const years = outlook.surface.years;
  const idle = outlook.answer({ levers, place, shock, effect: false });
  const { base, package: moved } = answer.outcomes.poverty_rate;
  const none = idle.inside ? idle.outcomes.poverty_rate.package : moved;
  const path = (
    /** @type {string} */ name,
    /** @type {any} */ role,
    /** @type {number[][]} */ of,
  ) => ({
    name,
    role,
    low: of.map((one) => one[0]),
    mid: of.map((one) => one[1]),
    high: of.map((one) => one[2]),
  });
  const [sentence] = resultSentences({ ...app, levers, taken: {}, place, shock });
  const range = (/** @type {number[]} */ one) =>
    `${numbers.percent(one[1])} (${numbers.interval(one[0], one[2])})`;
  frame.set({
    title: say(sentence.key, sentence.fields),
    picture: pathChart({
      years,
      width,
      axis: outlook.axis("poverty_rate", place),
      tick: outcomeTick(numbers, { unit: "percent" }, outlook.axis("poverty_rate", place)),
      summary: say(sentence.key, sentence.fields),
      paths: [
        path(say("case_base"), "base", base),
        path(say("case_package_short"), "a", moved),
      ],
    }),
    note: say("chart_poverty_note", { value: range(none.at(-1)) }),
    table: {
      caption: say("chart_poverty_table"),
      head: [say("year"), say("case_base"), say("case_package"), say("case_idle")],
      rows: years.map((/** @type {number} */ year, /** @type {number} */ at) => [
        String(year),
        range(base[at]),
        range(moved[at]),
        range(none[at]),
      ]),
    },
  });
}

/** @param {App} app @param {any} frame @param {number} width */
export function budgetChart(app, frame, width) {
  const { say, numbers, outlook, store } = app;
  const { levers, taken, place } = store.state.work;
  const { needed, found, missing, balanced, lines, paid } = outlook.balance(levers, taken, place);
  const money = (/** @type {number} */ value) => numbers.rupiah(value, { digits: 2, signed: true, even: true });
  const out = Object.keys(levers)
    .map((name) => ({
      label: app.leverName(name),
      value: -outlook.costOf(name, levers[name], place),
    }))
    .filter(({ value }) => Math.abs(value) > 5e7);
  const come = lines
    .filter(({ line }) => paid[line] > 0)
    .map(({ line }) => ({ label: app.lineName(line), value: paid[line] }));
  const rows = [...come, ...out].map((row) => ({ ...row, text: money(row.value) }));
  const most = outlook.largestCost(place);
  const plain = (/** @type {number} */ value) => numbers.rupiah(Math.abs(value), { digits: 2, even: true });
  const title = !needed
    ? say("chart_budget_none")
    : say(
        balanced
          ? "chart_budget_balanced"
          : missing > 0
            ? "chart_budget_short"
            : "chart_budget_over",
        { cost: plain(needed), missing: plain(missing) },
      );
  frame.set({
    title,
    picture: rows.length
      ? signedChart({
          rows,
          width,
          axis: axisOf([-most, most], { zero: true }),
          tick: (at) => numbers.rupiah(at, { digits: 2 }),
          summary: title,
          kinds: rows.map(({ value }) => (value < 0 ? "loss" : "gain")),
        })
      : make("p", { class: "kf-quiet kf-empty" }, say("chart_budget_empty")),
    note: say("chart_budget_note"),
    table: {
      caption: say("chart_budget_table"),
      head: [say("chart_budget_line"), say("chart_budget_money")],
      rows: [
        ...rows.map(({ label, text }) => [label, text]),
        [say("chart_budget_sum"), money(found - out.reduce((sum, { value }) => sum - value, 0))],
      ],
    },
  });
}

/** @param {App} app @param {any} frame @param {any} answer @param {number} width */
export function whoChart(app, frame, answer, width) {
  const { say, numbers, outlook, store } = app;
  const { levers, place, shock } = store.state.work;
  const idle = outlook.coordinated(levers)
    ? outlook.answer({ levers, place, shock, effect: false })
    : null;
  const gains = decileGains(outlook, answer);
  if (!gains.length) return;
  const names = gains.map(({ decile }) => `decile_mean_${decile}`);
  const axes = names.map((name) => outlook.axis(name, place, "change"));
  const axis = {
    low: Math.min(...axes.map((one) => one.low)),
    high: Math.max(...axes.map((one) => one.high)),
  };
  const money = (/** @type {number} */ value) => numbers.rupiah(value, { digits: 2, signed: true, even: true });
  const most = gains.reduce((best, one) => (one.share > best.share ? one : best));
  const none = idle && decileGains(outlook, idle);
  const plain = (/** @type {number} */ value) => numbers.rupiah(value, { digits: 2, even: true });
  const spread = (/** @type {number} */ low, /** @type {number} */ high) =>
    numbers.interval(low, high, { kind: "rupiah", even: true });
  const title =
    Math.abs(most.change[1]) < 100
      ? say("chart_who_none")
      : say("chart_who", {
          decile: most.decile,
          money: plain(most.change[1]),
          range: spread(most.change[0], most.change[2]),
          idle: idleTail(say, none?.[gains.indexOf(most)].change, plain, spread),
        });
  const bars = signedChart({
    width,
    axis,
    tick: (at) => numbers.rupiah(at, { digits: 2 }),
    summary: title,
    rows: gains.map(({ decile, change }) => ({
      label: say(decile === 1 ? "decile_poorest" : decile === 10 ? "decile_richest" : "decile", {
        decile,
      }),
      value: change[1],
      low: change[0],
      high: change[2],
      text: money(change[1]),
    })),
  });
  frame.set({
    title,
    picture: [reachedDots(app, answer, idle, width), bars],
    note: say("chart_who_note"),
    table: {
      caption: say("chart_who_table"),
      head: [
        say("chart_who_decile"),
        say("chart_who_money"),
        say("range"),
        ...(none ? [say("case_idle_short"), say("range")] : []),
      ],
      rows: gains.map(({ decile, change }, at) => [
        say("decile", { decile }),
        ...[change, ...(none ? [none[at].change] : [])].flatMap((of) => [
          money(of[1]),
          spread(of[0], of[2]),
        ]),
      ]),
    },
  });
}

/** A hundred poor people before and after: how many of them regular programmes reach.
 *  @param {App} app @param {any} answer @param {any} idle without effect of coordination; null where
 *  nothing is claimed of it @param {number} width */
function reachedDots(app, answer, idle, width) {
  const { say, outlook } = app;
  if (!outlook.has("exclusion_error")) return make("div", {});
  const { base, package: moved } = outlook.headlineOf(answer, "exclusion_error");
  const strip = (/** @type {string} */ name, /** @type {number[]} */ of) => {
    const reached = Math.round(100 - of[1]);
    return make(
      "div",
      {},
      make("p", { class: "kf-case" }, say("dots_reached", { name, count: reached })),
      dotChart({
        full: reached,
        summary: say("dots_reached", { name, count: reached }),
        width: Math.min(width, 420),
        columns: 25,
      }),
    );
  };
  return make(
    "div",
    { class: "kf-strips" },
    strip(say("case_base"), base),
    strip(say("case_package"), moved),
    idle && strip(say("case_idle"), outlook.headlineOf(idle, "exclusion_error").package),
  );
}

/** The full model's figure beside a quick one, once it was asked for this package.
 *  @param {App} app @param {string} name @param {"base"|"package"} which @param {number[]} quick */
function fullLine(app, name, which, quick) {
  const { say, numbers, outlook } = app;
  const value = fullFigure(app, name, which);
  if (value === null) return null;
  const outside = value < quick[0] || value > quick[2];
  return make(
    "p",
    { class: outside ? "kf-outside" : "kf-quiet" },
    say(outside ? "full_beside_outside" : "full_beside", {
      of: lowered(say(which === "base" ? "case_base" : "case_package")),
      value: outcomeValue(numbers, outlook.outcomes.get(name), value),
      range: outcomeRange(numbers, outlook.outcomes.get(name), /** @type {any} */ (quick)),
    }),
  );
}

/** @param {App} app @param {any} frame @param {any} answer @param {number} width */
export function servicesChart(app, frame, answer, width) {
  const { say, numbers, outlook, store } = app;
  const { levers, place, shock } = store.state.work;
  const idle = outlook.answer({ levers, place, shock, effect: false });
  const shown = SERVICE_OUTCOMES.filter((name) => outlook.has(name));
  const rows = [];
  const pictures = [];
  for (const name of shown) {
    const outcome = outlook.outcomes.get(name);
    const { base, package: moved } = outlook.headlineOf(answer, name);
    const none = idle.inside ? outlook.headlineOf(idle, name).package : moved;
    if (!outlook.tells(name)) {
      const { key, fields } = untold(name, say);
      pictures.push(make("p", { class: "kf-case" }, say(key, fields)));
      rows.push([say(`outcome_${name}`), ...[1, 2, 3].map(() => say("untold"))]);
      continue;
    }
    const words = (/** @type {any} */ of) => outcomeValue(numbers, outcome, of[1]);
    const row = (/** @type {string} */ label, /** @type {any} */ role, /** @type {any} */ of, idle = false) => ({
      label,
      role,
      idle,
      low: of[0],
      mid: of[1],
      high: of[2],
      text: words(of),
    });
    const title = say("chart_service", {
      outcome: say(`outcome_${name}`),
      base: words(base),
      value: words(moved),
    });
    pictures.push(
      make("p", { class: "kf-case" }, title),
      app.about(name),
      fullLine(app, name, "package", moved),
      fullLine(app, name, "base", base),
      rangeChart({
        width,
        axis: outlook.axis(name, place),
        summary: title,
        tick: outcomeTick(numbers, outcome, outlook.axis(name, place)),
        rows: [
          row(say("case_base"), "base", base),
          row(say("case_package"), "a", moved),
          row(say("case_idle_short"), "a", none, true),
        ],
      }),
    );
    const cell = (/** @type {any} */ of) => `${words(of)} (${outcomeRange(numbers, outcome, of)})`;
    rows.push([say(`outcome_${name}`), cell(base), cell(moved), cell(none)]);
  }
  frame.set({
    title: say("chart_services", {
      place: app.placeName(place),
      year: outlook.surface.headline,
      shock: app.withShock(shock),
    }),
    picture: pictures,
    note: say("chart_services_note"),
    table: {
      caption: say("chart_services_table"),
      head: [
        say("chart_services_outcome"),
        say("case_base"),
        say("case_package"),
        say("case_idle"),
      ],
      rows,
    },
  });
}
