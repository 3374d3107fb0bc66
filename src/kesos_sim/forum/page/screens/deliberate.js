/** Screen 10: point by point, one of four answers, and a note from a list or in own words. */

import { choice, selector } from "../controls.js";
import { button, fill, make, show, write } from "../dom.js";

/** @typedef {import("../app.js").App} App */

/** From agreement to objection; the value is what is counted. */
const ANSWERS = ["3", "2", "0", "1"];
/** What a chip shows of an answer; its name says it in words. */
const ANSWER_MARKS = { 3: "✓", 2: "✎", 0: "✗", 1: "?" };
const AGREES = "3";
const LONGEST_NOTE = 140;
const PHRASES = [
  "",
  "money",
  "capacity",
  "legal",
  "certainty",
  "small_first",
  "data",
  "who",
  "fairness",
  "more_time",
  "explain",
];
/** What a chip shows of an agreement to what the room no longer proposes. */
const CONFIRM_MARK = "↻";
/** What the form of another size holds where a lever is to stay as it is today. */
const TODAY = "today";
const STATUS_MARKS = { mufakat: "✓", near: "◐", open: "○", voted: "✓" };

/** @param {App} app */
export function deliberateScreen(app) {
  const { say, store, session } = app;
  const points = Object.keys(session.points).sort((a, b) => Number(a) - Number(b));
  const chips = new Map(
    points.map((point) => [
      point,
      make("button", {
        type: "button",
        class: "kf-chip",
        click: () => store.put((state) => (state.point = point)),
      }),
    ]),
  );
  const nav = make(
    "div",
    { class: "kf-chips", role: "group", "aria-label": say("deliberate_points") },
    [...chips.values()],
  );
  const body = make("div", { class: "kf-stack" });
  const element = make(
    "div",
    { class: "kf-stack" },
    make("p", { class: "kf-lead" }, say("deliberate_lead")),
    nav,
    body,
  );
  /** @type {ReturnType<typeof pointForm>|null} */
  let form = null;
  let shown = "";

  function update() {
    const point = store.state.point ?? points[0];
    for (const [of, chip] of chips) {
      const stance = store.state.stances[of];
      const answered = stance?.sent !== undefined;
      const confirm = answered && app.room?.confirm?.[of];
      write(chip, answered ? `${of} ${confirm ? CONFIRM_MARK : ANSWER_MARKS[stance.sent]}` : of);
      chip.setAttribute(
        "aria-label",
        say("deliberate_chip", {
          point: of,
          title: say(`point_${of}`),
          state: confirm
            ? say("deliberate_unconfirmed")
            : say(answered ? `answer_${stance.sent}` : "answer_none"),
        }),
      );
      chip.setAttribute("aria-current", String(of === point));
    }
    if (point !== shown || !form) {
      shown = point;
      form = pointForm(app, point, points);
      fill(body, form.element);
    }
    form.update();
  }

  return { element, update };
}

/** @param {App} app @param {string} point @param {string[]} points */
function pointForm(app, point, points) {
  const { say, store, session } = app;
  const draft = () => store.state.stances[point] ?? {};
  const put = (/** @type {Record<string, unknown>} */ part) =>
    store.put((state) => (state.stances[point] = { ...(state.stances[point] ?? {}), ...part }));
  const status = make("p", { class: "kf-verdict" });
  const proposal = make("p", {});
  const ofRoom = make("p", { class: "kf-said", hidden: true });
  const confirm = make("p", { class: "kf-problem", role: "status", hidden: true });
  /** The proposal of the room that stands above the answers. @type {Record<string, number>|undefined} */
  let seen;
  /** What was emptied on the way to an agreement: put back where the answer changes again. */
  let withdrawn = {};
  const oneSetting = (/** @type {string} */ name, /** @type {Record<string, number>} */ levers) =>
    `${app.leverName(name)}: ${app.leverState(name, levers[name])}`;
  const settingText = (/** @type {Record<string, number>} */ levers) =>
    session.points[point].map((/** @type {string} */ name) => oneSetting(name, levers)).join("; ");
  const ownText = () =>
    session.points[point]
      .map(
        (/** @type {string} */ name) =>
          `${app.leverName(name)}: ${app.leverOpinion(name, store.state.work)}`,
      )
      .join("; ");
  /** The proposal of the room, and how many tables said something about it. */
  const roomText = (/** @type {Record<string, number>} */ levers) =>
    session.points[point]
      .map((/** @type {string} */ name) => {
        const count = app.room.heard?.[point]?.[name] ?? 0;
        return count || name in levers
          ? say("deliberate_heard", { setting: oneSetting(name, levers), count })
          : say("deliberate_unheard", { lever: app.leverName(name) });
      })
      .join("; ");
  const answers = choice({
    label: say("deliberate_answer"),
    look: "list",
    value: draft().answer ?? null,
    options: ANSWERS.map((value) => ({
      value,
      label: say(`answer_${value}`),
      note: say(`answer_${value}_help`),
    })),
    change: (value) => {
      const { answer: before, phrase: chosen = "", note: written = "" } = draft();
      const reasons = { phrase: chosen, note: written };
      const none = !chosen && !written;
      // What was written against a point is no note of an agreement to it.
      if (value === AGREES && before !== undefined && before !== AGREES && !none) {
        withdrawn = reasons;
        put({ answer: value, phrase: "", note: "" });
        app.toast(say("deliberate_note_emptied"));
      } else put({ answer: value, ...(none && value !== AGREES ? withdrawn : {}) });
      phrase.set(draft().phrase ?? "");
      note.value = draft().note ?? "";
    },
  });
  const phrase = selector({
    label: say("deliberate_phrase"),
    value: draft().phrase ?? "",
    options: PHRASES.map((value) => ({
      value,
      label: value ? say(`phrase_${value}`) : say("phrase_none"),
    })),
    change: (value) => put({ phrase: value }),
  });
  const noteName = `kf-note-${point}`;
  const left = make("p", { class: "kf-quiet", id: `${noteName}-left` });
  const note = make("textarea", {
    id: noteName,
    maxlength: LONGEST_NOTE,
    rows: 3,
    "aria-describedby": left.id,
    input: () => put({ note: note.value }),
  });
  note.value = draft().note ?? "";
  const problem = make("p", { class: "kf-problem", role: "alert", hidden: true });
  const said = make("p", { class: "kf-quiet", role: "status" });
  const send = button(
    say("deliberate_send"),
    () => {
      const { answer, phrase: chosen, note: written } = draft();
      show(problem, answer === undefined);
      write(problem, say("deliberate_need_answer"));
      if (answer === undefined) return;
      const text = (written ?? "").trim().slice(0, LONGEST_NOTE);
      put({ sent: answer, sentKey: keyOf() });
      app.enter("stance", {
        point,
        answer: Number(answer),
        note: text,
        round: app.room?.round ?? 1,
        ...(chosen ? { phrase: chosen } : {}),
        ...(seen ? { setting: seen } : {}),
      });
      app.announce(say("deliberate_sent", { point, answer: say(`answer_${answer}`) }), 0);
    },
    { class: "kf-button kf-primary" },
  );
  const amend = amendForm(app, point, session.points[point]);
  const at = points.indexOf(point);
  const turn = (/** @type {number} */ to, /** @type {string} */ key) =>
    button(
      say(key),
      () => store.put((state) => (state.point = points[to])),
      to < 0 || to >= points.length ? { disabled: true } : {},
    );
  const element = make(
    "section",
    { class: "kf-stack" },
    make("h2", {}, say("deliberate_title", { point, title: say(`point_${point}`) })),
    make("p", { class: "kf-quiet" }, app.rich(`help_${point}`)),
    proposal,
    ofRoom,
    confirm,
    status,
    make(
      "div",
      { class: "kf-two" },
      make("div", { class: "kf-stack" }, answers.element),
      make(
        "div",
        { class: "kf-stack" },
        make("p", { class: "kf-said" }, say("deliberate_ask")),
        phrase.element,
        make(
          "div",
          { class: "kf-field" },
          make("label", { for: noteName, class: "kf-label" }, say("deliberate_note")),
          note,
          left,
        ),
        problem,
        send,
        said,
      ),
    ),
    amend.element,
    make(
      "div",
      { class: "kf-row kf-spread-row" },
      turn(at - 1, "point_before"),
      turn(at + 1, "point_after"),
    ),
  );

  const keyOf = () =>
    JSON.stringify([draft().answer, draft().phrase ?? "", (draft().note ?? "").trim()]);

  function update() {
    const { answer, sent, sentKey } = draft();
    answers.set(answer ?? null);
    write(left, say("deliberate_left", { count: LONGEST_NOTE - note.value.length }));
    const open =
      !app.alone &&
      app.reached("deliberate") &&
      app.room?.open !== false &&
      !app.room?.frozen &&
      store.state.province;
    send.disabled = !open;
    write(
      said,
      app.alone
        ? say("alone_no_voting")
        : !store.state.province
          ? say("propose_join")
          : !open
            ? say("deliberate_closed")
            : sent === undefined
              ? ""
              : say(sentKey === keyOf() ? "deliberate_kept" : "deliberate_changed", {
                  answer: say(`answer_${sent}`),
                }),
    );
    const now = app.room?.points?.[point];
    show(status, Boolean(now?.status));
    if (now?.status)
      write(
        status,
        `${STATUS_MARKS[now.status] ?? "○"} ${say(`status_${app.has(`status_${now.status}`) ? now.status : "open"}`)}`,
      );
    write(proposal, say("deliberate_own", { text: ownText() }));
    // What the answer is about: public from the consultation on, also before the meter is opened.
    seen = app.room?.settings?.[point];
    show(ofRoom, Boolean(seen));
    const number = Math.max(1, app.room?.asked?.[point] ?? 1);
    write(ofRoom, seen ? say("deliberate_amended", { number, text: roomText(seen) }) : "");
    const before = app.room?.confirm?.[point];
    show(confirm, Boolean(seen && before));
    write(
      confirm,
      seen && before
        ? say("deliberate_confirm", { before: settingText(before), now: settingText(seen) })
        : "",
    );
    amend.update(Boolean(open));
  }

  return { element, update };
}

/** Propose another intensity of a point's lever. @param {App} app @param {string} point @param {string[]} names */
function amendForm(app, point, names) {
  const { say, session, outlook } = app;
  /** @type {Record<string, string>} */
  const values = {};
  const steppedToday = (/** @type {string} */ name) =>
    session.steps[name]?.includes(outlook.now(name, outlook.surface.places[0]));
  const said = make("p", { class: "kf-quiet", role: "status" });
  const send = button(say("amend_send"), () => {
    for (const [lever, value] of Object.entries(values)) {
      if (value !== "")
        app.enter("amend", { point, lever, value: value === TODAY ? null : Number(value) });
    }
    write(said, say("amend_sent"));
  });
  const fields = names.map(
    (name) =>
      selector({
        label: app.leverName(name),
        value: "",
        options: [
          { value: "", label: say("amend_none") },
          ...(steppedToday(name) ? [] : [{ value: TODAY, label: say("lever_kept_state") }]),
          ...(session.steps[name] ?? []).map((/** @type {number} */ value) => ({
            value: String(value),
            label: app.leverValue(name, value),
          })),
        ],
        change: (value) => {
          values[name] = value;
          send.disabled = !open || !Object.values(values).some(Boolean);
        },
      }).element,
  );
  let open = false;
  const element = make(
    "details",
    {},
    make("summary", {}, say("amend_title")),
    make("div", { class: "kf-stack" }, fields, send, said),
  );
  return {
    element,
    /** @param {boolean} now */
    update(now) {
      open = now;
      send.disabled = !open || !Object.values(values).some(Boolean);
    },
  };
}
