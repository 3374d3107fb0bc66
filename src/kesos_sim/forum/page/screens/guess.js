/** Screen 4: guess first, locked once sent; then the room's guesses and the model. */

import { chartFrame } from "../chart_frame.js";
import { axisOf } from "../chart_parts.js";
import { histogramChart } from "../charts.js";
import { slider } from "../controls.js";
import { button, fill, make, show, uniqueName, write } from "../dom.js";
import { outcomeTick } from "../sentences.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export function guessScreen(app) {
  const { say } = app;
  const cards = app.session.guesses.map((/** @type {any} */ one) => guessCard(app, one));
  const element = make(
    "div",
    { class: "kf-stack" },
    make("p", { class: "kf-lead" }, say("guess_lead")),
    cards.map((/** @type {any} */ card) => card.element),
  );
  return { element, update: () => cards.forEach((/** @type {any} */ card) => card.update()) };
}

/** @param {App} app @param {{question: string, levers: Record<string, number>}} asked */
function guessCard(app, asked) {
  const { say, store, numbers, outlook } = app;
  const { question, levers } = asked;
  const place = outlook.surface.places[0];
  const start = outlook.answer({ levers: {}, place }).outcomes.poverty_rate.base[0][1];
  const year = outlook.surface.headline;
  const high = Math.max(15, Math.ceil(start / 5) * 5 + 5);
  let value = store.state.guesses[question]?.value ?? Math.round(start * 10) / 10;
  let touched = false;
  const text = say(`guess_${question}`, { year, place: app.placeName(place) });
  const asks = uniqueName("guess");
  const control = slider({
    label: say("guess_value"),
    about: asks,
    low: 0,
    high,
    step: 0.1,
    stride: 0.1,
    value,
    mark: start,
    written: (at) => numbers.percent(at),
    sentence: (at) => say("guess_sentence", { value: numbers.percent(at), year }),
    parse: numbers.parse,
    less: say("less", { of: say("guess_value") }),
    more: say("more", { of: say("guess_value") }),
    typed: say("typed", { of: say("guess_value") }),
    wrong: (from, to) => say("wrong_number", { low: from, high: to }),
    change: (next) => {
      value = next;
      touched = true;
    },
  });
  const problem = make("p", { class: "kf-problem", role: "alert", hidden: true });
  const send = button(
    say("guess_send"),
    () => {
      if (!touched) {
        write(problem, say("guess_move"));
        return show(problem, true);
      }
      show(problem, false);
      store.put((state) => (state.guesses[question] = { value, at: Date.now() }));
      app.enter("guess", { question, value });
      app.announce(say("guess_kept", { value: numbers.percent(value) }), 0);
    },
    { class: "kf-button kf-primary", "aria-describedby": asks },
  );
  const kept = make("p", { class: "kf-good", tabindex: "-1" });
  const waiting = make("p", { class: "kf-quiet" }, say("guess_wait"));
  const frame = chartFrame(say("as_table"));
  const compared = make("p", { class: "kf-said" });
  const answerBox = make("div", { class: "kf-stack" }, compared, frame.element);
  const element = make(
    "section",
    { class: "kf-plain kf-stack" },
    make("h2", { id: asks }, text),
    make(
      "p",
      { class: "kf-quiet" },
      say("guess_now", { value: numbers.percent(start), year: outlook.surface.years[0] }),
    ),
    control.element,
    problem,
    send,
    kept,
    waiting,
    answerBox,
  );

  function update() {
    const locked = Boolean(store.state.guesses[question]);
    const revealed = app.alone ? locked : Boolean(app.room?.reveal?.includes(`guess:${question}`));
    control.lock(locked || revealed);
    if (locked) control.set(store.state.guesses[question].value);
    const here = document.activeElement === send;
    show(send, !locked && !revealed);
    if (locked) show(problem, false);
    show(kept, locked);
    // The button is gone: who reads by ear or by keys goes on from here.
    if (here && locked) kept.focus();
    if (locked)
      write(
        kept,
        say("guess_kept", { value: numbers.percent(store.state.guesses[question].value) }),
      );
    show(waiting, locked && !revealed);
    show(answerBox, revealed);
    if (revealed) reveal(app.alone || Boolean(app.room?.reveal?.includes(`model:${question}`)));
  }

  /**
   * Show what the room guessed, and the model's answer once the facilitator has opened it.
   * @param {boolean} answered
   */
  function reveal(answered) {
    const found = outlook.answer({ levers, place });
    const idle = outlook.answer({ levers, place, effect: false });
    if (!found.inside || !idle.inside) return;
    const moved = outlook.headlineOf(found, "poverty_rate").package;
    const none = outlook.headlineOf(idle, "poverty_rate").package;
    const guessed = app.room?.guesses?.[question];
    const room = guessed?.n ? guessed : null;
    const own = store.state.guesses[question]?.value;
    const model = numbers.percent(moved[1]);
    const modelRange = numbers.interval(moved[0], moved[2]);
    fill(
      compared,
      app.rich(
        compare(answered, Boolean(room), own !== undefined),
        {
          model,
          range: modelRange,
          own: own === undefined ? "" : numbers.percent(own),
          room: room ? numbers.percent(room.median) : "",
          idle: numbers.percent(none[1]),
          idle_range: numbers.interval(none[0], none[2]),
        },
      ),
    );
    const lines = answered
      ? [{ value: moved[1], text: say("guess_line_model", { value: model }), role: "a" }]
      : [];
    if (own !== undefined)
      lines.unshift({
        value: own,
        text: say("guess_line_own", { value: numbers.percent(own) }),
        role: "b",
      });
    if (room)
      lines.unshift({
        value: room.median,
        text: say("guess_line_room", { value: numbers.percent(room.median) }),
        role: "target",
      });
    frame.set({
      title: room ? say("guess_chart_room", { count: room.n }) : say("guess_chart_own"),
      picture: histogramChart({
        bins: room?.bins ?? [],
        lines: /** @type {any} */ (lines),
        axis: axisOf([0, high], { zero: true, room: 0 }),
        tick: outcomeTick(numbers, { unit: "percent" }, { low: 0, high }),
        summary: compared.textContent ?? "",
        width: app.width(frame.element),
      }),
      table: {
        caption: say("guess_table"),
        head: [say("value"), say("rate")],
        rows: [
          ...(room ? [[say("guess_row_room"), numbers.percent(room.median)]] : []),
          ...(own === undefined ? [] : [[say("guess_row_own"), numbers.percent(own)]]),
          ...(answered
            ? [
                [say("guess_row_model"), `${model} (${modelRange})`],
                [
                  say("guess_row_idle"),
                  `${numbers.percent(none[1])} (${numbers.interval(none[0], none[2])})`,
                ],
              ]
            : []),
        ],
      },
    });
  }

  return { element, update };
}

/**
 * Which sentence fits what is known so far.
 * @param {boolean} answered @param {boolean} room @param {boolean} own
 */
function compare(answered, room, own) {
  if (!answered) return room ? "guess_room_only" : "guess_answer_soon";
  if (room) return "guess_compare_room";
  return own ? "guess_compare_own" : "guess_model";
}
