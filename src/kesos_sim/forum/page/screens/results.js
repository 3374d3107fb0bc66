/** Screen 7: what the package does: sentences first, then four charts, each with its table. */

import { chartFrame } from "../chart_frame.js";
import { tabs } from "../controls.js";
import { button, fill, make, show, write } from "../dom.js";
import { resultSentences } from "../sentences.js";
import { lowered } from "../setting.js";
import { fullFigure, fullModel } from "./full_model.js";
import { budgetChart, povertyChart, servicesChart, whoChart } from "./result_charts.js";
import { classesChart } from "./result_classes.js";

/** @typedef {import("../app.js").App} App */

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
  const errorBox = make("details", {}, make("summary", {}, say("error_title")), error);
  const frames = {
    poverty: chartFrame(say("as_table")),
    budget: chartFrame(say("as_table")),
    who: chartFrame(say("as_table")),
    services: chartFrame(say("as_table")),
  };
  const classes = chartFrame(say("as_table"));
  const charts = tabs(
    say("charts"),
    Object.entries(frames).map(([key, frame]) => ({
      key,
      label: say(`tab_${key}`),
      panel: key === "who" ? make("div", { class: "kf-stack" }, frame.element, classes.element) : frame.element,
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
        app.staleText() && make("p", { class: "kf-apart" }, app.staleText()),
        errorBox,
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
    if (open === "who") {
      whoChart(app, frames.who, answer, width);
      classesChart(app, classes, answer, width);
    }
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
  const full = make("p", { hidden: true });
  const idleNote = make("p", { class: "kf-quiet" });
  const box = (/** @type {any} */ one) => make("div", {}, one.name, one.value, one.range);
  const element = make(
    "div",
    { class: "kf-stack" },
    title,
    make("div", { class: "kf-figures" }, box(moved), box(idle), box(base)),
    make(
      "p",
      { class: "kf-quiet" },
      say("quick_note", { runs: numbers.number(outlook.surface.made.runs) }),
    ),
    full,
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
    const lived = fullFigure(app, "poverty_rate");
    show(full, lived !== null);
    if (lived !== null) {
      const outside = lived < one.package[0] || lived > one.package[2];
      full.className = outside ? "kf-outside" : "kf-quiet";
      write(
        full,
        say(outside ? "full_beside_outside" : "full_beside", {
          of: lowered(say("case_package")),
          value: numbers.percent(lived),
          range: numbers.interval(one.package[0], one.package[2]),
        }),
      );
    }
    write(idleNote, say(outlook.coordinated(levers) ? "idle_note" : "idle_same"));
  }

  return { element, update };
}
