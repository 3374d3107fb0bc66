/** Screen 3: a family like ours, month by month: what reaches it, and from whom. */

import { chartFrame, tableOf } from "../chart_frame.js";
import { axisOf } from "../chart_parts.js";
import { pathChart } from "../charts.js";
import { selector, slider, tabs } from "../controls.js";
import { fill, make, show, write } from "../dom.js";
import { FIRST_KIND } from "../first_kind.js";
import { buildForm, comparison, nearestFamily } from "./family_build.js";

/** @typedef {import("../app.js").App} App */

/** Rupiah a month that the axis reaches at least, also for a family that gets nothing. */
const LEAST_TOP = 100_000;
const CASES = ["baseline", "package", "idle"];
/**
 * The typical families, each with the months and names of programmes that all share.
 * @param {any} found document of the families, null where there is none @returns {any[]}
 */
export function familiesOf(found) {
  const { months, programmes } = found ?? {};
  return (found?.families ?? []).map((/** @type {any} */ one) => ({ ...one, months, programmes }));
}

/** Whether nothing reaches a family in any month of any case. @param {any} family */
const neverHelped = ({ received }) =>
  CASES.every((of) =>
    (received[of] ?? []).every((/** @type {any} */ month) => !Object.keys(month).length),
  );

/** @param {App} app */
export function familyScreen(app) {
  const { say, store } = app;
  const chosen = make("div", { class: "kf-stack", role: "status" });
  const list = make("div", {});
  const builder = buildForm(app);
  const pages = [
    { key: "pick", label: say("family_pick"), panel: list },
    { key: "build", label: say("family_build"), panel: builder.element },
  ];
  const ways = tabs(say("family_how"), pages, store.state.work.built ? "build" : "pick", () => {});
  const story = familyStory(app);
  const none = make("p", {}, say("family_none"));
  const both = make(
    "div",
    { class: "kf-two" },
    ways.element,
    make("div", { class: "kf-stack" }, chosen, story.element),
  );
  const element = make(
    "div",
    { class: "kf-stack" },
    make("p", { class: "kf-lead" }, say("family_lead")),
    app.placeChoice(true),
    both,
    none,
  );
  let shownPlace = "";
  let said = "";
  /** @type {ReturnType<typeof selector>|null} */
  let picker = null;

  function update() {
    const place = app.homePlace();
    const here = app.families.filter((/** @type {any} */ family) => family.place === place);
    if (place !== shownPlace) {
      shownPlace = place;
      picker = selector({
        label: say("family_which"),
        value: "",
        options: here.map((/** @type {any} */ family) => ({
          value: family.id,
          label: family.title[app.lang],
        })),
        change: (value) =>
          store.change((work) => {
            work.family = value;
            work.built = null;
          }),
      });
      fill(list, picker.element);
    }
    show(none, !here.length);
    show(both, here.length > 0);
    // Work that an older page kept says only that something was described.
    const { family: picked, built } = store.state.work;
    const found = here.length && built?.size ? nearestFamily(here, built) : null;
    const family =
      found?.family ??
      here.find((/** @type {any} */ one) => one.id === picked) ??
      here.find((/** @type {any} */ one) => one.kind === FIRST_KIND) ??
      here[0];
    if (family) picker?.set(family.id);
    const told = found ? JSON.stringify([family.id, built]) : "";
    if (told !== said) fill(chosen, found ? comparison(app, found, built) : null);
    said = told;
    story.update(family);
  }

  return { element, update };
}

/** @param {App} app */
function familyStory(app) {
  const { say, numbers, store } = app;
  const title = make("h2", {});
  const people = make("p", {});
  const received = make("div", {
    class: "kf-scroll",
    tabindex: "0",
    role: "group",
    "aria-label": say("family_received"),
  });
  const sentence = make("p", { class: "kf-said" });
  const never = make("p", { hidden: true });
  const frame = chartFrame(say("as_table"));
  const monthRow = make("div", {});
  /** @type {ReturnType<typeof slider>|null} */
  let months = null;
  let family = /** @type {any} */ (null);
  const element = make(
    "div",
    { class: "kf-stack" },
    title,
    people,
    monthRow,
    sentence,
    never,
    received,
    frame.element,
    make(
      "p",
      { class: "kf-quiet" },
      say("family_note", {
        never: numbers.number(app.families.filter(neverHelped).length),
        all: numbers.number(app.families.length),
      }),
    ),
  );

  const money = (/** @type {number} */ value) => numbers.rupiah(value);
  const name = (/** @type {string} */ source) => family.programmes[source]?.[app.lang] ?? source;
  const total = (/** @type {Record<string, number>} */ month) =>
    Object.values(month ?? {}).reduce((sum, one) => sum + one, 0);

  function monthShown() {
    const at = Math.min(store.state.month ?? 11, family.months.length - 1);
    const rows = CASES.map((of) => family.received[of]?.[at] ?? {});
    const sources = [...new Set(rows.flatMap((row) => Object.keys(row)))].sort(
      (a, b) => (rows[1][b] ?? 0) - (rows[1][a] ?? 0),
    );
    const month = numbers.monthName(family.months[at]);
    const parts = sources
      .filter((of) => rows[0][of] > 0)
      .map((of) => say("family_part", { money: money(rows[0][of]), source: name(of) }));
    write(
      sentence,
      parts.length
        ? say("family_now", { month, parts: parts.join(", ") })
        : say("family_nothing", { month }),
    );
    fill(
      received,
      tableOf({
        caption: say("family_month", { month }),
        head: [say("family_from"), ...CASES.map((of) => say(`family_case_${of}`))],
        rows: [
          ...sources.map((of) => [name(of), ...rows.map((row) => money(row[of] ?? 0))]),
          [say("family_total"), ...rows.map((row) => money(total(row)))],
        ],
      }),
    );
  }

  /** @param {any} next */
  function update(next) {
    show(element, Boolean(next));
    if (!next) return;
    const other = family !== next;
    family = next;
    write(title, family.title[app.lang]);
    write(people, family.people[app.lang]);
    if (other || !months) {
      const at = Math.min(store.state.month ?? 11, family.months.length - 1);
      const written = (/** @type {number} */ value) => numbers.monthName(family.months[value]);
      months = slider({
        label: say("family_which_month"),
        low: 0,
        high: family.months.length - 1,
        step: 1,
        value: at,
        written,
        sentence: written,
        less: say("month_before"),
        more: say("month_after"),
        typed: say("typed", { of: say("family_which_month") }),
        parse: (text) => {
          const found = family.months.findIndex(
            (/** @type {string} */ one) =>
              numbers.monthName(one).toLowerCase() === text.trim().toLowerCase(),
          );
          return found < 0 ? null : found;
        },
        wrong: () => say("wrong_month", { example: written(0) }),
        change: (value) => {
          store.put((state) => (state.month = value));
          monthShown();
        },
      });
      fill(monthRow, months.element);
      months.element.classList.add("kf-wide-typed");
    }
    const none = neverHelped(family);
    show(never, none);
    write(never, none ? whyNever(family) : "");
    monthShown();
    drawPaths();
  }

  /** Why nothing ever reaches a family, as far as the model's own record of it tells.
   *  @param {any} of @returns {string} */
  function whyNever({ listed, welfare: { baseline } }) {
    const poor = baseline.filter((/** @type {number} */ one) => one < 1).length;
    const mean = baseline.reduce((/** @type {number} */ sum, /** @type {number} */ one) => sum + one, 0);
    return say(`family_never_${listed ? "listed" : "unlisted"}_${poor ? "poor" : "above"}`, {
      poor: numbers.number(poor),
      months: numbers.number(baseline.length),
      times: numbers.number(mean / baseline.length, { decimals: 1 }),
    });
  }

  function drawPaths() {
    const totals = CASES.map((of) => (family.received[of] ?? []).map(total));
    const years = family.months.map(
      (/** @type {string} */ month) =>
        Number(month.slice(0, 4)) + (Number(month.slice(5)) - 1) / 12,
    );
    const whole = [...new Set(years.map(Math.floor))].filter((year) => years.includes(year));
    const mean = (/** @type {number[]} */ of) =>
      of.reduce((sum, one) => sum + one, 0) / (of.length || 1);
    const roles = /** @type {const} */ (["base", "a", "target"]);
    frame.set({
      title: say("family_chart", {
        now: money(mean(totals[0])),
        then: money(mean(totals[1])),
        idle: money(mean(totals[2])),
      }),
      picture: pathChart({
        years,
        xTicks: whole,
        axis: axisOf([...totals.flat(), LEAST_TOP], { zero: true }),
        width: app.width(frame.element),
        tick: (value) => numbers.number(value / 1000),
        marks: false,
        summary: say("family_chart_summary", {
          now: money(mean(totals[0])),
          then: money(mean(totals[1])),
        }),
        paths: CASES.map((of, place) => ({
          name: say(`family_case_${of}`),
          role: roles[place],
          low: totals[place],
          mid: totals[place],
          high: totals[place],
        })),
      }),
      note: say("family_chart_note"),
      table: {
        caption: say("family_year_table"),
        head: [say("year"), ...CASES.map((of) => say(`family_case_${of}`))],
        rows: whole.map((year) => [
          String(year),
          ...totals.map((row) =>
            money(
              row.reduce((sum, one, at) => (Math.floor(years[at]) === year ? sum + one : sum), 0),
            ),
          ),
        ]),
      },
    });
  }

  return { element, update };
}
