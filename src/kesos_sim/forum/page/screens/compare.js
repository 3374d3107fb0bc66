/** Screens 8 and 9: now against two packages, and a package under four shocks; same axes. */

import { chartFrame } from "../chart_frame.js";
import { pathChart, rangeChart } from "../charts.js";
import { choice, selector } from "../controls.js";
import { button, fill, make, show, uniqueName, write } from "../dom.js";
import { directionOf, hardlyOf, outcomeRange, outcomeTick, outcomeValue } from "../sentences.js";
import { lowered } from "../setting.js";
import { shockEffects } from "./shock_effects.js";

/** @typedef {import("../app.js").App} App */

const COMPARED = [
  "poverty_rate",
  "poor_people",
  "extreme_poverty_rate",
  "exclusion_error",
  "unmet_need_rate",
  "days_to_service",
];

/** @param {App} app */
export function compareScreen(app) {
  const { say, store, outlook, numbers } = app;
  const slots = /** @type {const} */ (["a", "b"]).map((slot) => slotBox(app, slot));
  const outcome = selector({
    label: say("compare_outcome"),
    value: store.state.compared ?? "poverty_rate",
    options: COMPARED.filter((name) => outlook.has(name) && outlook.tells(name)).map((name) => ({
      value: name,
      label: say(`outcome_${name}`),
    })),
    change: (value) => store.put((state) => (state.compared = value)),
  });
  const bars = chartFrame(say("as_table"));
  const paths = chartFrame(say("as_table"));
  const verdict = make("p", { class: "kf-said" });
  const element = make(
    "div",
    { class: "kf-stack" },
    make("p", { class: "kf-lead" }, say("compare_lead")),
    app.placeChoice(),
    make(
      "div",
      { class: "kf-two" },
      make(
        "div",
        { class: "kf-stack" },
        slots.map((slot) => slot.element),
      ),
      make("div", { class: "kf-stack" }, outcome.element, verdict, bars.element, paths.element),
    ),
  );

  function update() {
    const { place, shock, a, b } = store.state.work;
    for (const slot of slots) slot.update();
    const kept = store.state.compared;
    const name = kept && outlook.tells(kept) ? kept : "poverty_rate";
    const of = outlook.outcomes.get(name);
    const cases = [{ label: say("case_base"), role: "base", levers: {}, effect: true }];
    for (const [slot, one] of /** @type {const} */ ([
      ["a", a],
      ["b", b],
    ])) {
      if (!one) continue;
      cases.push({ label: say(`case_${slot}`), role: slot, levers: one.levers, effect: true });
      cases.push({
        label: say(`case_${slot}_idle`),
        role: slot,
        levers: one.levers,
        effect: false,
      });
    }
    const found = cases
      .map((one) => ({ ...one, answer: outlook.answer({ ...one, place, shock }) }))
      .filter((one) => one.answer.inside);
    const rows = found.map(({ label, role, answer, effect }) => {
      const { package: level, change } = outlook.headlineOf(answer, name);
      const [low, mid, high] = level;
      return {
        label,
        change,
        role: /** @type {any} */ (role),
        idle: !effect,
        low,
        mid,
        high,
        text: outcomeValue(numbers, of, mid),
        words: say("value_and_range", {
          value: outcomeValue(numbers, of, mid),
          range: outcomeRange(numbers, of, level),
        }),
      };
    });
    write(verdict, verdictText(a && b ? rows : null));
    const withShock = app.withShock(shock);
    const title = say("compare_title", {
      outcome: say(`outcome_${name}`),
      shock: withShock,
      place: app.placeName(place),
      year: outlook.surface.headline,
    });
    const tick = outcomeTick(numbers, of, outlook.axis(name, place));
    bars.set({
      title,
      note: say("compare_note"),
      picture: rangeChart({
        rows,
        axis: outlook.axis(name, place),
        tick,
        width: app.width(bars.element),
        line: rows[0].mid,
        summary: rows.map(({ label, text }) => `${label}: ${text}`).join("; "),
      }),
      table: {
        caption: title,
        head: [say("compare_case"), say("value"), say("range")],
        rows: rows.map(({ label, text, low, mid, high }) => [
          label,
          text,
          outcomeRange(numbers, of, [low, mid, high]),
        ]),
      },
    });
    const lines = found.filter(({ effect }) => effect);
    const years = outlook.surface.years;
    paths.set({
      title: say("compare_paths", { outcome: say(`outcome_${name}`), shock: withShock }),
      picture: pathChart({
        years,
        axis: outlook.axis(name, place),
        tick,
        width: app.width(paths.element),
        summary: title,
        paths: lines.map(({ label, role, answer }) => {
          const path = answer.outcomes[name].package;
          return {
            name: label,
            role: /** @type {any} */ (role),
            low: path.map((/** @type {number[]} */ one) => one[0]),
            mid: path.map((/** @type {number[]} */ one) => one[1]),
            high: path.map((/** @type {number[]} */ one) => one[2]),
          };
        }),
      }),
      table: {
        caption: say("compare_paths", { outcome: say(`outcome_${name}`), shock: withShock }),
        head: [say("year"), ...lines.map(({ label }) => label)],
        rows: years.map((/** @type {number} */ year, /** @type {number} */ at) => [
          String(year),
          ...lines.map(({ answer }) =>
            outcomeValue(numbers, of, answer.outcomes[name].package[at][1]),
          ),
        ]),
      },
    });
  }

  /** Levels share the uncertainty of the world; whether packages differ is in their changes.
   *  @param {any[]|null} rows */
  function verdictText(rows) {
    if (!rows) return say("compare_need_two");
    const [a, b] = [rows.find((row) => row.role === "a"), rows.find((row) => row.role === "b")];
    if (!a || !b) return "";
    if (Math.min(a.change[2], b.change[2]) >= Math.max(a.change[0], b.change[0]))
      return say("compare_overlap", { a: a.words, b: b.words });
    return say("compare_apart", { a: a.words, b: b.words });
  }

  return { element, update };
}

/** @param {App} app @param {"a"|"b"} slot */
function slotBox(app, slot) {
  const { say, store, outlook } = app;
  const content = make("ul", { class: "kf-list" });
  const empty = make("p", { class: "kf-quiet" }, say("compare_empty"));
  const from = make("p", { class: "kf-quiet" });
  const outside = make("p", { class: "kf-problem", hidden: true });
  const heading = uniqueName("slot");
  const about = { "aria-describedby": heading };
  const own = button(say("compare_take_own"), () => app.keep(slot), about);
  const edit = button(say("compare_edit"), () => app.edit(slot), about);
  const others = make("div", {});
  const element = make(
    "section",
    { class: `kf-plain kf-stack kf-slot kf-of-${slot}` },
    make("h2", { id: heading }, say(`case_${slot}`)),
    from,
    content,
    outside,
    empty,
    make("div", { class: "kf-row" }, own, edit),
    others,
  );
  let offered = "";
  /** @type {ReturnType<typeof selector>|null} */
  let picker = null;

  /** @param {import("../store.js").Package} kept @returns {string[]} */
  const linesOf = ({ levers, kept = [] }) =>
    Object.keys(levers).length || kept.length
      ? app.packageLines(levers, kept)
      : [say("package_empty")];

  function update() {
    const kept = store.state.work[slot];
    show(content, Boolean(kept));
    show(empty, !kept);
    show(from, Boolean(kept?.from));
    if (kept?.from) {
      const { table, name, balanced } = kept.from;
      write(
        from,
        say(balanced ? "compare_from" : "compare_from_short", { table: app.tableName(table), name }),
      );
    }
    show(edit, Boolean(kept));
    const refused = kept && outlook.surface.outside(kept.levers);
    show(outside, Boolean(refused));
    write(outside, refused ? app.outsideText(refused) : "");
    if (kept)
      fill(
        content,
        linesOf(kept).map((text) => make("li", {}, text)),
      );
    const packages = app.room?.packages ?? [];
    const key = JSON.stringify(packages.map((/** @type {any} */ one) => [one.table, one.name]));
    show(others, packages.length > 0);
    if (key !== offered && packages.length) {
      offered = key;
      picker = pickerOf(packages);
      fill(others, picker.element);
    }
    picker?.set(kept?.from?.table ?? "");
  }

  /** @param {any[]} packages of the tables, one each */
  const pickerOf = (packages) =>
    selector({
      label: say("compare_others"),
      about: heading,
      value: "",
      options: [
        { value: "", label: say("compare_choose") },
        ...packages.map(({ table, name }) => ({
          value: table,
          label: `${app.tableName(table)}: ${name}`,
        })),
      ],
      change: (value) => {
        const one = app.room?.packages?.find((/** @type {any} */ each) => each.table === value);
        if (one) app.keep(slot, one);
      },
    });

  return { element, update };
}

/** @param {App} app */
export function shocksScreen(app) {
  const { say, store, outlook, numbers, session } = app;
  const drawn = make("p", { class: "kf-verdict kf-open", hidden: true });
  const pick = choice({
    label: say("shock_which"),
    look: "list",
    value: store.state.work.shock,
    options: ["none", ...session.shocks].map((name) => ({
      value: name,
      label: say(`shock_${name}`),
      note: say(`shock_${name}_help`),
    })),
    change: (value) => store.change((work) => (work.shock = value)),
  });
  const verdict = make("p", { class: "kf-said" });
  const effects = make("ul", { class: "kf-sentences" });
  const effectsBox = make(
    "section",
    { class: "kf-stack", hidden: true },
    make("h2", {}, say("shock_effects")),
    effects,
  );
  const frame = chartFrame(say("as_table"));
  const outside = make("p", { class: "kf-problem", hidden: true });
  const inside = make("div", { class: "kf-stack" }, verdict, effectsBox, frame.element);
  const element = make(
    "div",
    { class: "kf-stack" },
    make("p", { class: "kf-lead" }, say("shock_lead")),
    drawn,
    app.placeChoice(),
    make(
      "div",
      { class: "kf-two" },
      pick.element,
      make("div", { class: "kf-stack" }, outside, inside),
    ),
  );

  function update() {
    const { levers, place, shock } = store.state.work;
    pick.set(shock);
    const called = app.room?.shock;
    show(drawn, Boolean(called && called !== "none"));
    if (called)
      write(
        drawn,
        say("shock_drawn", { shock: app.has(`shock_${called}`) ? say(`shock_${called}`) : called }),
      );
    const refused = outlook.surface.outside(levers);
    show(outside, Boolean(refused));
    show(inside, !refused);
    if (refused) return write(outside, app.outsideText(refused));
    const names = ["none", ...session.shocks];
    const of = outlook.outcomes.get("poverty_rate");
    const cases = names.map((name) => {
      const answer = outlook.answer({ levers, place, shock: name });
      const idle = outlook.answer({ levers, place, shock: name, effect: false });
      return {
        name,
        ...outlook.headlineOf(answer, "poverty_rate"),
        idle: outlook.headlineOf(idle, "poverty_rate").package,
      };
    });
    const row = (
      /** @type {string} */ label,
      /** @type {any} */ role,
      /** @type {number[]} */ [low, mid, high],
      idle = false,
    ) => ({ label, role, idle, low, mid, high, text: numbers.percent(mid) });
    const shown = cases.filter(({ name }) => name === "none" || name === shock);
    const now = cases.find(({ name }) => name === shock) ?? cases[0];
    const usual = cases[0];
    const empty = !Object.keys(levers).length;
    if (empty) write(verdict, say("shock_no_package"));
    else {
      const way = directionOf(now.change, hardlyOf("points"));
      fill(
        verdict,
        app.rich(shock === "none" ? "shock_pick" : way === "down" ? "shock_holds" : "shock_fails", {
          shock: lowered(say(`shock_${shock}`)),
          value: numbers.percent(now.package[1]),
          base: numbers.percent(now.base[1]),
          usual: numbers.percent(usual.package[1]),
          range: numbers.interval(now.package[0], now.package[2]),
          idle: numbers.percent(now.idle[1]),
          idle_range: numbers.interval(now.idle[0], now.idle[2]),
        }),
      );
    }
    const moves = shockEffects(app, levers, place, shock);
    show(effectsBox, moves.length > 0);
    fill(
      effects,
      moves.map((words) => make("li", {}, words)),
    );
    const title = say("shock_title", {
      place: app.placeName(place),
      year: outlook.surface.headline,
    });
    frame.set({
      title,
      note: say("shock_note"),
      picture: rangeChart({
        width: app.width(frame.element),
        axis: outlook.axis("poverty_rate", place),
        summary: verdict.textContent ?? title,
        tick: outcomeTick(numbers, of, outlook.axis("poverty_rate", place)),
        line: usual.base[1],
        rows: shown.flatMap(({ name, base, package: moved, idle }) => [
          row(say("shock_row_base", { shock: say(`shock_${name}`) }), "base", base),
          row(say("shock_row_package", { shock: say(`shock_${name}`) }), "a", moved),
          row(say("shock_row_idle", { shock: say(`shock_${name}`) }), "a", idle, true),
        ]),
      }),
      table: {
        caption: title,
        head: [say("shock"), say("case_base"), say("case_package"), say("case_idle")],
        rows: cases.map(({ name, base, package: moved, idle }) => [
          say(`shock_${name}`),
          ...[base, moved, idle].map(
            (one) => `${numbers.percent(one[1])} (${outcomeRange(numbers, of, one)})`,
          ),
        ]),
      },
    });
  }

  return { element, update };
}
