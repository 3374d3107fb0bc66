/** Screens 0 to 2: who comes, what this is, how things are now. */

import { choice } from "../controls.js";
import { chartFrame } from "../chart_frame.js";
import { dotChart, pathChart } from "../charts.js";
import { fill, button, make, show, write } from "../dom.js";
import { outcomeTick } from "../sentences.js";

/** @typedef {import("../app.js").App} App */

/** Province, role, text size, language; no name. @param {App} app */
export function joinScreen(app) {
  const { say, store, session } = app;
  const provinces = choice({
    label: say("join_province"),
    look: "big",
    value: store.state.province,
    options: session.tables.map((/** @type {any} */ table) => ({
      value: table.province,
      label: table.name[app.lang],
    })),
    change: (value) => {
      store.put((state) => (state.province = value));
      store.change((work) => (work.place = value));
    },
  });
  const roles = choice({
    label: say("join_role"),
    look: "big",
    value: store.state.role,
    options: session.roles.map((/** @type {string} */ role) => ({
      value: role,
      label: say(`role_${role}`),
    })),
    change: (value) => store.put((state) => (state.role = value)),
  });
  const problem = make("p", { class: "kf-problem", role: "alert", hidden: true });

  /** Only who has said where they sit can hand in anything; the refusal stands at what is missing,
   *  which on a phone is far above the button. */
  function enter() {
    const { province, role } = store.state;
    show(problem, !province || !role);
    write(problem, province ? say("join_need_role") : say("join_need_province"));
    if (!province || !role) {
      const missing = (province ? roles : provinces).element;
      missing.firstElementChild?.after(problem);
      missing.querySelector("input")?.focus({ preventScroll: true });
      return problem.scrollIntoView({ block: "center" });
    }
    app.enter("join", { province, role, lang: app.lang });
    app.go("about");
  }

  const element = make(
    "div",
    { class: "kf-stack" },
    make("p", { class: "kf-lead" }, say("join_welcome")),
    make("p", {}, say("join_no_name")),
    make("p", { class: "kf-quiet" }, say("join_session", { code: session.code })),
    provinces.element,
    roles.element,
    make("div", { class: "kf-row" }, app.sizeChoice(), app.langChoice()),
  );
  return {
    element,
    next: enter,
    nextLabel: say("join_enter"),
    update() {
      provinces.set(store.state.province);
      roles.set(store.state.role);
      if (store.state.province && store.state.role) show(problem, false);
    },
  };
}

/** What it is, what it is not, where the data come from. @param {App} app */
export function aboutScreen(app) {
  const { say, rich } = app;
  const runs = app.numbers.number(app.surface.made.runs);
  const card = (/** @type {string} */ name, /** @type {number} */ count) =>
    make(
      "section",
      { class: "kf-plain" },
      make("h2", {}, say(`about_${name}`)),
      make(
        "ul",
        {},
        Array.from({ length: count }, (_, place) =>
          make("li", {}, rich(`about_${name}_${place + 1}`, { runs })),
        ),
      ),
    );
  const element = make(
    "div",
    { class: "kf-stack" },
    make("p", { class: "kf-lead" }, say("about_lead")),
    make("div", { class: "kf-three" }, card("is", 3), card("not", 3), card("data", 3)),
    button(say("open_sources"), () => app.openSheet("sources")),
  );
  return { element, update() {} };
}

/** One number, one line, one picture of a hundred dots. @param {App} app */
export function nowScreen(app) {
  const { say, numbers, outlook, store } = app;
  const lead = make("p", { class: "kf-lead" });
  const value = make("strong", { class: "kf-headline" });
  const range = make("p", { class: "kf-quiet" });
  const people = make("p", {});
  const dots = make("div", { class: "kf-picture" });
  const frame = chartFrame(say("as_table"));
  const element = make(
    "div",
    { class: "kf-stack" },
    app.placeChoice(),
    make(
      "div",
      { class: "kf-two" },
      make(
        "div",
        { class: "kf-stack" },
        lead,
        make("p", { class: "kf-number" }, value),
        range,
        people,
        dots,
        make("p", { class: "kf-quiet" }, say("now_dots")),
      ),
      frame.element,
    ),
    make("p", { class: "kf-quiet" }, say("now_why")),
  );

  function update() {
    const { place } = store.state.work;
    const answer = outlook.answer({ levers: {}, place });
    const years = outlook.surface.years;
    const { base } = answer.outcomes.poverty_rate;
    const [low, mid, high] = base[0];
    const fields = { place: app.placeName(place), year: years[0] };
    const poor = Math.round(mid);
    fill(lead, app.rich("now_lead", { ...fields, count: poor }));
    write(value, numbers.percent(mid));
    write(range, say("now_range", { range: numbers.interval(low, high), year: years[0] }));
    if (outlook.has("poor_people")) {
      write(
        people,
        say("now_people", {
          people: numbers.people(answer.outcomes.poor_people.base[0][1]),
          range: numbers.interval(
            answer.outcomes.poor_people.base[0][0],
            answer.outcomes.poor_people.base[0][2],
            { kind: "people" },
          ),
        }),
      );
    }
    fill(
      dots,
      dotChart({
        full: poor,
        summary: say("now_dots_summary", { count: poor }),
        width: Math.min(app.width(dots), 480),
      }),
    );
    const last = base[base.length - 1];
    const axis = outlook.axis("poverty_rate", place);
    frame.set({
      title: say("now_path", {
        place: fields.place,
        from: numbers.percent(mid),
        to: numbers.percent(last[1]),
        first: years[0],
        last: years.at(-1),
      }),
      picture: pathChart({
        years,
        axis,
        width: app.width(frame.element),
        tick: outcomeTick(numbers, { unit: "percent" }, axis),
        summary: say("now_path_summary", {
          from: numbers.percent(mid),
          to: numbers.percent(last[1]),
        }),
        paths: [
          {
            name: say("case_base"),
            role: "base",
            low: base.map((one) => one[0]),
            mid: base.map((one) => one[1]),
            high: base.map((one) => one[2]),
          },
        ],
      }),
      note: say("now_path_note"),
      table: {
        caption: say("now_table"),
        head: [say("year"), say("rate"), say("range")],
        rows: years.map((year, at) => [
          String(year),
          numbers.percent(base[at][1]),
          numbers.interval(base[at][0], base[at][2]),
        ]),
      },
    });
  }

  return { element, update };
}
