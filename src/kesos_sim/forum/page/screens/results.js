/** Screen 7: what the package does: sentences first, then four charts, each with its table. */

import { axisOf, chartFrame, dotChart, pathChart, rangeChart, signedChart } from "../charts.js";
import { tabs } from "../controls.js";
import { button, fill, make, show, write } from "../dom.js";
import {
  decileGains,
  outcomeRange,
  outcomeTick,
  outcomeValue,
  resultSentences,
  untold,
} from "../sentences.js";

/** @typedef {import("../app.js").App} App */

const SERVICE_OUTCOMES = [
  "unmet_need_rate",
  "duplicate_service_rate",
  "days_to_service",
  "coordination_active",
];

/** @param {App} app */
export function resultsScreen(app) {
  const panel = resultPanel(app, true);
  const full = fullModel(app);
  const keep = make(
    "div",
    { class: "kf-row" },
    ["a", "b"].map((slot) =>
      button(app.say(`keep_${slot}`), () => app.keep(/** @type {"a"|"b"} */ (slot))),
    ),
  );
  const element = make(
    "div",
    { class: "kf-stack" },
    app.placeChoice(),
    panel.element,
    full.element,
    keep,
  );
  return {
    element,
    update() {
      panel.update();
      full.update();
    },
  };
}

/** Sentences, the case without effect, and the charts; also beside the levers on a laptop.
 *  @param {App} app @param {boolean} [twoColumns] on a laptop */
export function resultPanel(app, twoColumns = false) {
  const { say, store } = app;
  const head = headlineBlock(app);
  const said = make("ul", { class: "kf-sentences" });
  const outside = make("p", { class: "kf-problem", hidden: true });
  const error = make("p", { class: "kf-quiet" });
  const frames = {
    poverty: chartFrame(say("as_table")),
    budget: chartFrame(say("as_table")),
    who: chartFrame(say("as_table")),
    services: chartFrame(say("as_table")),
  };
  const charts = tabs(
    say("charts"),
    Object.entries(frames).map(([key, frame]) => ({
      key,
      label: say(`tab_${key}`),
      panel: frame.element,
    })),
    store.state.tab ?? "poverty",
    (key) => {
      store.put((state) => (state.tab = key));
      update();
    },
  );
  const inside = make(
    "div",
    { class: "kf-stack" },
    head.element,
    make(
      "div",
      { class: twoColumns ? "kf-two" : "kf-stack" },
      make(
        "div",
        { class: "kf-stack" },
        said,
        make("p", { class: "kf-quiet" }, say("say_missing")),
        error,
      ),
      charts.element,
    ),
  );
  const element = make(
    "section",
    { class: "kf-result kf-stack", "aria-label": say("results") },
    outside,
    inside,
  );

  function update() {
    const { levers, taken, place, shock } = store.state.work;
    const answer = app.outlook.answer({ levers, shock, place });
    show(outside, !answer.inside);
    show(inside, answer.inside);
    if (!answer.inside) return write(outside, app.outsideText(answer));
    head.update();
    const sentences = resultSentences({ ...app, levers, taken, place, shock });
    // The level stands in the headline above; repeating it here would only make the list longer.
    fill(
      said,
      sentences.slice(1).map(({ key, fields }) => make("li", {}, app.rich(key, fields))),
    );
    write(error, app.errorText());
    const width = app.width(charts.element);
    const open = store.state.tab ?? "poverty";
    if (open === "poverty") povertyChart(app, frames.poverty, answer, width);
    if (open === "budget") budgetChart(app, frames.budget, width);
    if (open === "who") whoChart(app, frames.who, answer, width);
    if (open === "services") servicesChart(app, frames.services, answer, width);
  }

  return { element, update };
}

/** One number with its range, and beside it the same if coordination has no effect. @param {App} app */
function headlineBlock(app) {
  const { say, store, outlook, numbers } = app;
  const title = make("h2", {});
  const figure = (/** @type {string} */ look) => ({
    name: make("p", { class: "kf-case" }),
    value: make("p", { class: `kf-number kf-of-${look}` }),
    range: make("p", { class: "kf-quiet" }),
  });
  const moved = figure("a");
  const base = figure("base");
  const idle = figure("a");
  const idleNote = make("p", { class: "kf-quiet" });
  const box = (/** @type {any} */ one) => make("div", {}, one.name, one.value, one.range);
  const element = make(
    "div",
    { class: "kf-stack" },
    title,
    make("div", { class: "kf-figures" }, box(moved), box(idle), box(base)),
    idleNote,
  );

  function update() {
    const { levers, place, shock } = store.state.work;
    const found = outlook.answer({ levers, place, shock });
    const without = outlook.answer({ levers, place, shock, effect: false });
    if (!found.inside || !without.inside) return;
    const one = outlook.headlineOf(found, "poverty_rate");
    const none = outlook.headlineOf(without, "poverty_rate");
    const set = (
      /** @type {any} */ to,
      /** @type {string} */ name,
      /** @type {number[]} */ [low, mid, high],
    ) => {
      write(to.name, name);
      write(to.value, numbers.percent(mid));
      write(to.range, say("range_of", { range: numbers.interval(low, high) }));
    };
    write(
      title,
      say(shock === "none" ? "headline" : "headline_shock", {
        place: app.placeName(place),
        year: outlook.surface.headline,
        shock: say(`shock_${shock}`),
      }),
    );
    set(moved, say("case_package"), one.package);
    set(idle, say("case_idle"), none.package);
    set(base, say("case_base"), one.base);
    write(idleNote, say(outlook.coordinated(levers) ? "idle_note" : "idle_same"));
  }

  return { element, update };
}

/** @param {App} app @param {any} frame @param {any} answer @param {number} width */
function povertyChart(app, frame, answer, width) {
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
        path(say("case_base_short"), "base", base),
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
function budgetChart(app, frame, width) {
  const { say, numbers, outlook, store } = app;
  const { levers, taken, place } = store.state.work;
  const { needed, found, missing, balanced, lines, paid } = outlook.balance(levers, taken, place);
  const money = (/** @type {number} */ value) => numbers.rupiah(value, { digits: 2, signed: true });
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
  const plain = (/** @type {number} */ value) => numbers.rupiah(Math.abs(value), { digits: 2 });
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
function whoChart(app, frame, answer, width) {
  const { say, numbers, outlook, store } = app;
  const { place } = store.state.work;
  const gains = decileGains(outlook, answer);
  if (!gains.length) return;
  const names = gains.map(({ decile }) => `decile_mean_${decile}`);
  const axes = names.map((name) => outlook.axis(name, place, "change"));
  const axis = {
    low: Math.min(...axes.map((one) => one.low)),
    high: Math.max(...axes.map((one) => one.high)),
  };
  const money = (/** @type {number} */ value) => numbers.rupiah(value, { digits: 2, signed: true });
  const most = gains.reduce((best, one) => (one.share > best.share ? one : best));
  const title =
    Math.abs(most.change[1]) < 100
      ? say("chart_who_none")
      : say("chart_who", {
          decile: most.decile,
          money: numbers.rupiah(most.change[1], { digits: 2 }),
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
    picture: [reachedDots(app, answer, width), bars],
    note: say("chart_who_note"),
    table: {
      caption: say("chart_who_table"),
      head: [say("chart_who_decile"), say("chart_who_money"), say("range")],
      rows: gains.map(({ decile, change }) => [
        say("decile", { decile }),
        money(change[1]),
        numbers.interval(change[0], change[2], { kind: "rupiah" }),
      ]),
    },
  });
}

/** A hundred poor people before and after: how many of them regular programmes reach.
 *  @param {App} app @param {any} answer @param {number} width */
function reachedDots(app, answer, width) {
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
  );
}

/** @param {App} app @param {any} frame @param {any} answer @param {number} width */
function servicesChart(app, frame, answer, width) {
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
    const row = (/** @type {string} */ label, /** @type {any} */ role, /** @type {any} */ of) => ({
      label,
      role,
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
      rangeChart({
        width,
        axis: outlook.axis(name, place),
        summary: title,
        tick: outcomeTick(numbers, outcome, outlook.axis(name, place)),
        rows: [
          row(say("case_base"), "base", base),
          row(say("case_package"), "a", moved),
          row(say("case_idle_short"), "b", none),
        ],
      }),
    );
    const cell = (/** @type {any} */ of) => `${words(of)} (${outcomeRange(numbers, outcome, of)})`;
    rows.push([say(`outcome_${name}`), cell(base), cell(moved), cell(none)]);
  }
  frame.set({
    title: say("chart_services", { place: app.placeName(place), year: outlook.surface.headline }),
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

/** Asks the full model, and shows its figure beside the quick one. @param {App} app */
function fullModel(app) {
  const { say, store, outlook, numbers } = app;
  const status = make("p", { role: "status" });
  const table = make("div", { class: "kf-scroll" });
  const ask = button(say("full_ask"), () => {
    const { levers, taken, place, shock } = store.state.work;
    const key = app.packageKey();
    const sources = outlook.shares(taken, place);
    const id = app.enter("full", { levers, sources, shock, effect: true });
    store.put((state) => (state.full = { id, key }));
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
    ask.disabled = Boolean(busy && asked) || !Object.keys(store.state.work.levers).length;
    show(table, request?.state === "done");
    if (!asked) return write(status, "");
    if (!request) return write(status, say("full_sent"));
    const same = asked.key === app.packageKey();
    if (request.state === "queued")
      return write(status, say("full_queued", { place: request.place_in_queue ?? "?" }));
    if (request.state === "running") return write(status, say("full_running"));
    if (request.state === "refused") return write(status, say("full_refused"));
    write(status, say(same ? "full_done" : "full_done_other"));
    fill(table, bothFigures(request), make("p", { class: "kf-quiet" }, say("full_one_run")));
  }

  /** Quick answer and full model side by side: the package, no change, and no effect, as far as
   *  the full model has lived them.
   *  @param {{outcomes?: any, baseline?: any, idle?: any, idle_baseline?: any}} request */
  function bothFigures({ outcomes = {}, baseline = {}, idle = {}, idle_baseline = {} }) {
    const { levers, place, shock } = store.state.work;
    const quick = outlook.answer({ levers, place, shock });
    const without = outlook.answer({ levers, place, shock, effect: false });
    const bodies = [];
    for (const name of [...outlook.outcomes.keys()].filter(
      (one) => one in outcomes && app.has(`outcome_${one}`),
    )) {
      if (!quick.inside || !without.inside) break;
      const known = outlook.outcomes.get(name);
      const { base, package: moved } = outlook.headlineOf(quick, name);
      const none = outlook.headlineOf(without, name);
      const cases = [
        ["case_package", moved, fullValue(outcomes[name], place, "package")],
        ["case_base", base, fullValue(baseline?.[name] ?? outcomes[name], place, "base")],
        ["case_idle", none.package, fullValue(idle?.[name], place, "package")],
        ["case_idle_base", none.base, fullValue(idle_baseline?.[name], place, "base")],
      ].filter(([, , value]) => value !== null);
      if (!cases.length) continue;
      const quickly = (/** @type {any} */ of) =>
        outlook.tells(name)
          ? `${outcomeValue(numbers, known, of[1])} (${outcomeRange(numbers, known, of)})`
          : say("untold");
      bodies.push(
        make(
          "tbody",
          {},
          make(
            "tr",
            {},
            make("th", { scope: "rowgroup", colspan: 3, class: "kf-group" }, say(`outcome_${name}`)),
          ),
          cases.map(([key, of, value]) =>
            make(
              "tr",
              {},
              make("th", { scope: "row" }, say(key)),
              make("td", {}, quickly(of)),
              make("td", {}, outcomeValue(numbers, known, value)),
            ),
          ),
        ),
      );
    }
    return make(
      "table",
      {},
      make("caption", {}, say("full_table", { place: app.placeName(place) })),
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          ["outcome", "full_quick", "full_model"].map((key) =>
            make("th", { scope: "col" }, say(key)),
          ),
        ),
      ),
      bodies,
    );
  }

  return { element, update };
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
