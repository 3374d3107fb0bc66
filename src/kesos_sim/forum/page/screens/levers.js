/** Screen 5: nine cards, one for each point of the agreement. */

import { choice, slider, tick, toggle } from "../controls.js";
import { button, make, show, write } from "../dom.js";
import { LEVER_NEEDS } from "../outlook.js";
import { capital } from "../setting.js";

/** @typedef {import("../app.js").App} App */

const INTENSITIES = ["none", "light", "medium", "full"];
/** Levers whose steps have names of their own. */
const NAMED_STEPS = [
  "bkkks_standing",
  "partnership_platform",
  "welfare_bylaw",
  "interprovince_cooperation",
];
/** Percent sliders: how they move, in percent. */
const SHARE_STEP = 0.1;
const SHARE_STRIDE = 0.5;

/** @param {App} app */
export function leversScreen(app) {
  const { say, session } = app;
  const points = Object.entries(session.points).sort(([a], [b]) => Number(a) - Number(b));
  const cards = points.map(([point, names]) =>
    leverCard(app, point, /** @type {string[]} */ (names)),
  );
  const presets = make(
    "div",
    { class: "kf-row" },
    button(say("levers_all"), () => setAll(app), { class: "kf-button" }),
    button(say("levers_none"), () => app.reset(), { class: "kf-button" }),
  );
  const element = make(
    "div",
    { class: "kf-stack" },
    make("p", { class: "kf-lead" }, say("levers_lead")),
    app.placeChoice(),
    cards.map((card) => card.element),
    presets,
  );
  return {
    element,
    update: () => cards.forEach((card) => card.update()),
    aside: true,
    strip: true,
  };
}

/** The nine points as they were proposed in 2008. @param {App} app */
function setAll(app) {
  const { session, outlook, store } = app;
  store.change((work) => {
    for (const name of outlook.levers.keys()) {
      const steps = session.steps[name] ?? [];
      const value = name.endsWith("_poverty_share")
        ? 0.1
        : steps[
            Math.max(steps.length - 1 - Number(steps.length > 3 && !NAMED_STEPS.includes(name)), 0)
          ];
      if (value !== undefined) work.levers[name] = value;
    }
    work.kept = work.kept.filter((name) => !(name in work.levers));
  });
}

/** @param {App} app @param {string} point @param {string[]} names */
function leverCard(app, point, names) {
  const { say, store } = app;
  const title = say(`point_${point}`);
  const state = make("span", { class: "kf-card-state" });
  const parts = names.map((name) => leverControl(app, name));
  const element = make(
    "details",
    {
      class: "kf-card",
      name: "kf-levers",
      toggle: () => element.open && app.store.put((all) => (all.card = point)),
    },
    make(
      "summary",
      {},
      make("span", { class: "kf-point", "aria-hidden": "true" }, point),
      make(
        "span",
        { class: "kf-card-name" },
        make("span", { class: "kf-unseen" }, `${say("point_number", { point })} `),
        title,
        state,
      ),
    ),
    make(
      "div",
      { class: "kf-stack kf-card-body" },
      make("p", { class: "kf-quiet" }, app.rich(`help_${point}`)),
      parts.map((part) => part.element),
    ),
  );
  if ((store.state.card ?? "4") === point) element.open = true;

  function update() {
    const { work } = store.state;
    const any = names.some((name) => said(work, name));
    write(
      state,
      any
        ? names.map((name) => app.leverOpinion(name, work)).join(" · ")
        : say("lever_no_opinion"),
    );
    element.classList.toggle("kf-moved", any);
    for (const part of parts) part.update();
  }

  return { element, update };
}

/** Whether the package says something about a lever. @param {any} work @param {string} name */
const said = ({ levers, kept }, name) => name in levers || kept.includes(name);

/** Set a lever; at today's setting it is no part of what the package changes, but it was said that
 *  it stays. Without a setting there is no opinion on it.
 *  @param {any} work @param {string} name @param {number|null} [value] null for as it is today */
function put(work, name, value) {
  delete work.levers[name];
  work.kept = work.kept.filter((/** @type {string} */ one) => one !== name);
  if (value === null) work.kept.push(name);
  else if (value !== undefined) work.levers[name] = value;
}

/** @param {App} app @param {string} name */
function leverControl(app, name) {
  const { say, store, outlook } = app;
  const lever = outlook.levers.get(name);
  const change = (/** @type {number} */ value) => {
    const { place } = store.state.work;
    const today = value === outlook.now(name, place);
    store.change((work) => put(work, name, today ? null : value), `lever:${name}`);
    app.tried();
  };
  const control = controlOf(app, name, lever, change);
  const cost = make("p", { class: "kf-quiet kf-cost" });
  const needs = make("p", { class: "kf-needs" });
  const keep = tick({
    label: say("lever_keep"),
    name: say("lever_keep_of", { lever: app.leverName(name) }),
    value: false,
    change: (on) => store.change((work) => put(work, name, on ? null : undefined)),
  });
  const clear = button(say("lever_clear"), () => store.change((work) => put(work, name)), {
    class: "kf-button kf-small",
    "aria-label": say("lever_clear_of", { lever: app.leverName(name) }),
  });
  // What is moved, where the name of the lever does not say it.
  const what = app.has(`lever_what_${name}`) && say(`lever_what_${name}`);
  const element = make(
    "div",
    { class: "kf-lever" },
    control.element,
    what && make("p", { class: "kf-quiet" }, what),
    cost,
    needs,
    make("div", { class: "kf-row kf-opinion" }, keep.element, clear),
  );

  function update() {
    const { levers, kept, place } = store.state.work;
    control.set(outlook.setting(levers, name, place));
    const alone = name in levers && outlook.cost({ [name]: levers[name] }, place);
    write(cost, alone ? app.costLine(alone) : say("cost_now"));
    // Kept in its place when it is not needed, so that nothing below it moves.
    clear.style.visibility = name in levers ? "visible" : "hidden";
    keep.set(kept.includes(name));
    const wanted = LEVER_NEEDS[name];
    show(needs, Boolean(wanted));
    if (wanted) {
      const met = wanted.some(([other, least]) => {
        const value = outlook.setting(levers, other, place);
        return least === 0 ? value > (outlook.now(other, place) ?? 0) + 1e-9 : value >= least;
      });
      needs.classList.toggle("kf-met", met);
      write(
        needs,
        `${met ? "✓" : "○"} ${say(`needs_${name}`)} ${say(met ? "needs_met" : "needs_open")}`,
      );
    }
  }

  return { element, update };
}

/**
 * @param {App} app @param {string} name @param {any} lever @param {(value: number) => void} change
 * @returns {{element: Element, set: (value: number) => void}}
 */
function controlOf(app, name, lever, change) {
  const { say, session, numbers, store, outlook } = app;
  const steps = session.steps[name] ?? [];
  const label = app.leverName(name);
  const { place, levers } = store.state.work;
  const value = outlook.setting(levers, name, place);
  if (name === "aid_for_earners") {
    const made = toggle({
      label,
      on: app.leverValue(name, 1),
      off: app.leverValue(name, 0),
      value: value > 0,
      change: (on) => change(on ? 1 : 0),
    });
    return { element: made.element, set: (next) => made.set(next > 0) };
  }
  if (name.endsWith("_poverty_share")) {
    const percent = (/** @type {number} */ at) => numbers.percent(at);
    const made = slider({
      label,
      low: lever.low * 100,
      high: lever.high * 100,
      step: SHARE_STEP,
      stride: SHARE_STRIDE,
      value: value * 100,
      mark: outlook.now(name, place) === null ? null : outlook.now(name, place) * 100,
      written: percent,
      parse: numbers.parse,
      less: say("less", { of: label }),
      more: say("more", { of: label }),
      typed: say("typed", { of: label }),
      wrong: (low, high) => say("wrong_number", { low, high }),
      sentence(at) {
        const { change: money, outside } = outlook.cost(
          { [name]: at / 100 },
          store.state.work.place,
        );
        if (outside) return app.outsideText(outside);
        return say("lever_share_sentence", {
          percent: say("percent_words", { value: numbers.number(at, { decimals: 1 }) }),
          cost: numbers.rupiah(money, { digits: 2 }),
        });
      },
      change: (at) => change(Number((at / 100).toPrecision(6))),
    });
    const note = make("p", { class: "kf-quiet" });
    const element = make("div", {}, made.element, note);
    return {
      element,
      set(next) {
        made.set(Math.round(next * 10_000) / 100);
        write(
          note,
          say("lever_share_now", {
            now: numbers.percent((outlook.now(name, store.state.work.place) ?? 0) * 100),
          }),
        );
      },
    };
  }
  if (name === "political_dialogue") {
    const times = (/** @type {number} */ at) => say("lever_times", { count: numbers.number(at) });
    const made = slider({
      label,
      low: lever.low,
      high: lever.high,
      step: 1,
      value,
      written: (at) => numbers.number(at),
      sentence: times,
      parse: numbers.parse,
      less: say("less", { of: label }),
      more: say("more", { of: label }),
      typed: say("typed", { of: label }),
      wrong: (low, high) => say("wrong_number", { low, high }),
      change,
    });
    return { element: made.element, set: made.set };
  }
  const named = NAMED_STEPS.includes(name);
  const made = choice({
    label,
    value: String(value),
    options: steps.map((/** @type {number} */ step, /** @type {number} */ at) => ({
      value: String(step),
      label: named ? capital(app.leverValue(name, step)) : say(`intensity_${INTENSITIES[at]}`),
      note: named ? undefined : app.leverValue(name, step),
    })),
    change: (next) => change(Number(next)),
  });
  return { element: made.element, set: (next) => made.set(String(next)) };
}
