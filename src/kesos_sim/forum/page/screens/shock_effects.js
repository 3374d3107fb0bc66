/** What a shock moves besides poverty, said with the range that there is without it. */

import { idleTail, outcomeRange, outcomeValue } from "../sentences.js";

/** @typedef {import("../app.js").App} App */

/** Outcomes that a shock may strike; poverty has a sentence of its own. */
const WATCHED = [
  "extreme_poverty_rate",
  "exclusion_error",
  "unmet_need_rate",
  "duplicate_service_rate",
  "cases_served",
  "service_interruptions",
  "orsos_income",
  "disaster_waiting",
];
/** A move of less than this part of the range is not told. */
const LEAST_MOVE = 0.25;
const MOST_TOLD = 4;
/** A range of nothing has no part of it. */
const SMALLEST_RANGE = 1e-6;

/**
 * The figures that a shock moves, the most moved first, and what does not move.
 * @param {App} app @param {Record<string, number>} levers @param {string} place
 * @param {string} shock @returns {string[]}
 */
export function shockEffects(app, levers, place, shock) {
  const { say, outlook, numbers } = app;
  const [struck, usual, idle] = [
    { shock },
    {},
    { shock, effect: false },
  ].map((more) => outlook.answer({ levers, place, ...more }));
  if (shock === "none" || !struck.inside || !usual.inside || !idle.inside) return [];
  const moveOf = (/** @type {string} */ name) => {
    const [low, middle, high] = outlook.headlineOf(usual, name).package;
    const half = Math.max((high - low) / 2, SMALLEST_RANGE);
    return Math.abs(outlook.headlineOf(struck, name).package[1] - middle) / half;
  };
  const moved = WATCHED.filter((name) => outlook.has(name) && moveOf(name) >= LEAST_MOVE)
    .sort((one, other) => moveOf(other) - moveOf(one))
    .slice(0, MOST_TOLD);
  const told = moved.map((name) => {
    const known = outlook.outcomes.get(name);
    const write = (/** @type {number} */ value) => outcomeValue(numbers, known, value);
    const spread = (/** @type {number} */ low, /** @type {number} */ high) =>
      outcomeRange(numbers, known, [low, 0, high]);
    const [low, middle, high] = outlook.headlineOf(usual, name).package;
    const [worst, now, best] = outlook.headlineOf(struck, name).package;
    const none = outlook.coordinated(levers) ? outlook.headlineOf(idle, name).package : null;
    // Victims of a disaster that did not happen have no range.
    const nobody = [low, high].every((end) => write(end) === write(0));
    const words = now < low || now > high ? "shock_moved_out" : "shock_moved";
    return say(nobody ? "shock_moved_from_none" : words, {
      outcome: say(`moved_${name}`),
      value: write(now),
      spread: spread(worst, best),
      idle: idleTail(say, none, write, spread),
      usual: write(middle),
      range: spread(low, high),
    });
  });
  const poverty = (/** @type {any} */ of) =>
    numbers.percent(outlook.headlineOf(of, "poverty_rate").package[1]);
  const still =
    moveOf("poverty_rate") < LEAST_MOVE
      ? [say("shock_poverty_still", { value: poverty(struck), usual: poverty(usual) })]
      : [];
  const out = told.length ? [] : [say("shock_none_moved")];
  return [...still, ...told, ...out];
}
