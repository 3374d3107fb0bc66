/** The full model on request, beside the quick answer. */

import { button, fill, make, show, write } from "../dom.js";
import { lowered } from "../setting.js";
import { outcomeRange, outcomeValue, untold } from "../sentences.js";

/** @typedef {import("../app.js").App} App */

/** @typedef {{levers: Record<string, number>, shock: string}} Asked what the full model was asked */

/** @param {Record<string, number>} one @param {Record<string, number>} other */
const samePackage = (one, other) =>
  JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

/** The difference of two figures as they are written, with two decimals.
 *  @param {number} one @param {number} other */
const gapOf = (one, other) => Math.abs(Math.round(one * 100) - Math.round(other * 100)) / 100;

/** Asks the full model, and shows its figure beside the quick one. @param {App} app */
export function fullModel(app) {
  const { say, store, outlook, numbers } = app;
  const status = make("p", { role: "status" });
  const table = make("div", { class: "kf-stack" });
  let shown = "";
  const ask = button(say("full_ask"), () => {
    const { levers, taken, place, shock } = store.state.work;
    const sources = outlook.shares(taken, place);
    const id = app.enter("full", { levers, sources, shock, effect: true });
    store.put((state) => (state.full = { id, levers: { ...levers }, shock }));
  });
  const element = make(
    "section",
    { class: "kf-plain kf-stack" },
    make("h2", {}, say("full_title")),
    make("p", { class: "kf-quiet" }, say("full_lead")),
    ask,
    status,
    table,
  );

  function update() {
    if (app.alone) {
      show(ask, false);
      return write(status, say("full_alone"));
    }
    const asked = store.state.full;
    const request = asked ? app.room?.requests?.[asked.id] : null;
    const busy = asked && (!request || request.state === "queued" || request.state === "running");
    const empty = !Object.keys(store.state.work.levers).length;
    ask.disabled = Boolean(busy && asked) || empty;
    show(table, request?.state === "done");
    if (!asked) return write(status, empty ? say("full_empty") : "");
    if (!request) return write(status, say("full_sent"));
    if (request.state === "queued")
      return write(status, say("full_queued", { place: request.place_in_queue ?? "?" }));
    if (request.state === "running") return write(status, say("full_running"));
    if (request.state === "refused") return write(status, say("full_refused"));
    // Where the money comes from changes no figure of the model, so that it makes no other package.
    const { levers, shock } = store.state.work;
    const same = samePackage(asked.levers, levers) && asked.shock === shock;
    write(status, say(same ? "full_done" : "full_done_other"));
    const { place } = store.state.work;
    const key = JSON.stringify([asked, place, request]);
    if (key === shown) return; // what somebody has opened stays open
    shown = key;
    const all = compared(app, request, asked);
    fill(
      table,
      [...differences(request, asked), ...outsideWords(app, all), say("full_one_run")].map(
        (words) => make("p", {}, words),
      ),
      foldedFigures(app, all, asked.shock),
    );
  }

  /** How far both answers lie apart, and why.
   *  @param {any} request @param {Asked} asked @returns {string[]} */
  function differences({ outcomes = {} }, { levers, shock }) {
    const { place } = store.state.work;
    const quick = outlook.answer({ levers, place, shock });
    const lived = ["base", "package"].map((of) =>
      fullValue(outcomes.poverty_rate, place, /** @type {"base"|"package"} */ (of)),
    );
    if (!quick.inside || lived.includes(null)) return [];
    const [without, withPackage] = /** @type {number[]} */ (lived);
    const { base, change } = outlook.headlineOf(quick, "poverty_rate");
    const moved = withPackage - without;
    const points = (/** @type {number} */ value, signed = true) =>
      numbers.points(value, { decimals: 2, signed });
    const { made, errors } = outlook.surface;
    const usual = errors.poverty_rate.places[outlook.surface.places.indexOf(place)];
    const gap = gapOf(moved, change[1]);
    const inside = moved >= change[0] && moved <= change[2];
    return [
      say("full_levels", {
        quick: numbers.percent(base[1], { decimals: 2 }),
        full: numbers.percent(without, { decimals: 2 }),
        gap: points(gapOf(without, base[1]), false),
        worlds: numbers.number(made.sample.worlds),
      }),
      say(
        gap <= usual ? "full_change_near" : inside ? "full_change_inside" : "full_change_outside",
        {
          quick: points(change[1]),
          full: points(moved),
          gap: points(gap, false),
          usual: points(usual, false),
          place: app.placeName(place),
          range: numbers.interval(change[0], change[2], { kind: "points", decimals: 2 }),
        },
      ),
    ];
  }

  return { element, update };
}

/**
 * One case of an outcome in both answers. `outside` is whether the figure of the full model lies
 * outside of the quick range.
 * @typedef {{key: string, quick: string, full: string, outside: boolean}} Case
 * @typedef {{name: string, cases: Case[]}} Compared
 */

/**
 * Quick answer and full model, outcome by outcome: the package, no change, their difference, and no
 * effect, as far as the full model has lived them.
 * @param {App} app @param {any} request @param {Asked} asked @returns {Compared[]}
 */
function compared(app, { outcomes = {}, baseline = {}, idle = {}, idle_baseline = {} }, asked) {
  const { say, outlook, numbers } = app;
  const { levers, shock } = asked;
  const { place } = app.store.state.work;
  const quick = outlook.answer({ levers, place, shock });
  const without = outlook.answer({ levers, place, shock, effect: false });
  if (!quick.inside || !without.inside) return [];
  const names = [...outlook.outcomes.keys()].filter(
    (one) => one in outcomes && app.has(`outcome_${one}`),
  );
  return names.flatMap((name) => {
    const known = outlook.outcomes.get(name);
    const { base, package: moved, change } = outlook.headlineOf(quick, name);
    const none = outlook.headlineOf(without, name);
    const lived = fullValue(outcomes[name], place, "package");
    const usual = fullValue(baseline?.[name] ?? outcomes[name], place, "base");
    // A change of a share is told in percentage points, and finely: it is what can be compared.
    const fine = (/** @type {string} */ key) => key === "case_change" && known.unit === "percent";
    const written = (/** @type {string} */ key, /** @type {number} */ value) =>
      fine(key)
        ? numbers.points(value, { decimals: 2, signed: true })
        : outcomeValue(numbers, known, value);
    const range = (/** @type {string} */ key, /** @type {any} */ of) =>
      fine(key)
        ? numbers.interval(of[0], of[2], { kind: "points", decimals: 2 })
        : outcomeRange(numbers, known, of);
    const cases = /** @type {[string, any, number|null][]} */ ([
      ["case_package", moved, lived],
      ["case_base", base, usual],
      ["case_change", change, lived === null || usual === null ? null : lived - usual],
      ["case_idle", none.package, fullValue(idle?.[name], place, "package")],
      ["case_idle_base", none.base, fullValue(idle_baseline?.[name], place, "base")],
    ]).flatMap(([key, of, value]) =>
      value === null
        ? []
        : {
            key,
            quick: outlook.tells(name)
              ? `${written(key, of[1])} (${range(key, of)})`
              : say("untold"),
            full: written(key, value),
            outside: outlook.tells(name) && (value < of[0] || value > of[2]),
          },
    );
    return cases.length ? [{ name, cases }] : [];
  });
}

/** The figures of one outcome. @param {App} app @param {Compared} of @param {string} shock */
function figures(app, { name, cases }, shock) {
  const { say } = app;
  const { place } = app.store.state.work;
  const head = ["outcome", "full_quick", "full_model"].map((key) =>
    make("th", { scope: "col" }, say(key)),
  );
  const rows = cases.map(({ key, quick, full, outside }) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, say(key)),
      make("td", {}, quick),
      make("td", {}, full, outside && make("p", { class: "kf-outside" }, say("full_outside_mark"))),
    ),
  );
  const group = { scope: "rowgroup", colspan: 3, class: "kf-group" };
  return make(
    "table",
    {},
    make(
      "caption",
      {},
      say("full_table", { place: app.placeName(place), shock: app.withShock(shock) }),
    ),
    make("thead", {}, make("tr", {}, head)),
    make(
      "tbody",
      {},
      make("tr", {}, make("th", group, say(`outcome_${name}`), app.about(name))),
      rows,
    ),
  );
}

/** The headline in full, the rest in one line each that opens. @param {App} app
 *  @param {Compared[]} all @param {string} shock */
function foldedFigures(app, all, shock) {
  const { say } = app;
  const [first, ...others] = all;
  if (!first) return [];
  const lined = (/** @type {Compared} */ of) => {
    const { quick, full } = of.cases[0];
    const outside = of.cases.some((one) => one.outside);
    const words = say("full_row", { outcome: say(`outcome_${of.name}`), quick, full });
    return make(
      "details",
      {},
      make("summary", {}, outside ? `${words} ${say("full_outside_mark")}` : words),
      make("div", { class: "kf-scroll" }, figures(app, of, shock)),
    );
  };
  return [
    make("div", { class: "kf-scroll" }, figures(app, first, shock)),
    others.length > 0 &&
      make(
        "details",
        {},
        make("summary", {}, say("full_others", { count: others.length })),
        make("div", { class: "kf-stack" }, others.map(lined)),
      ),
  ];
}

/** Where the full model lies outside of what the quick answer gave as its range.
 *  @param {App} app @param {Compared[]} all @returns {string[]} */
function outsideWords({ say }, all) {
  if (!all.length) return [];
  const levels = all.map(({ name, cases }) => ({
    name,
    cases: cases.filter(({ key }) => key === "case_package" || key === "case_base"),
  }));
  const outside = levels.filter(({ cases }) => cases.some((one) => one.outside));
  if (!outside.length) return [say("full_inside_all", { count: all.length })];
  const rows = outside.flatMap(({ name, cases }) =>
    cases
      .filter((one) => one.outside)
      .map(({ key, quick, full }) =>
        say("full_case", { outcome: say(`outcome_${name}`), of: lowered(say(key)), quick, full }),
      ),
  );
  return [say("full_outside", { count: outside.length, all: all.length, rows: rows.join("; ") })];
}

/** The figure of the full model for the package and shock of the moment, once it is there.
 *  @param {App} app @param {string} name of an outcome @param {"base"|"package"} of
 *  @returns {number|null} */
export function fullFigure(app, name, of = "package") {
  const { full: asked, work } = app.store.state;
  const request = asked ? app.room?.requests?.[asked.id] : null;
  if (request?.state !== "done" || asked.shock !== work.shock) return null;
  if (!samePackage(asked.levers, work.levers)) return null;
  const found = request.outcomes?.[name];
  return fullValue(of === "base" ? (request.baseline?.[name] ?? found) : found, work.place, of);
}

/** The figure of the full model for a place: a number, a series whose last year counts, by place, or
 *  with the cases `base` and `package`.
 *  @param {any} found @param {string} place @param {"base"|"package"} of @returns {number|null} */
function fullValue(found, place, of) {
  if (typeof found === "number") return found;
  if (Array.isArray(found)) return fullValue(found.at(-1), place, of);
  if (found && typeof found === "object")
    return fullValue(place in found ? found[place] : found[of], place, of);
  return null;
}
