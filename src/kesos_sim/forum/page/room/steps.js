/** What comes next in a meeting: the one thing that the primary button does. Plain data only. */

/** Phases in which attendees hand something in that input opens and closes. */
const NEEDS_INPUT = ["guess", "package", "deliberate", "reflect"];

/**
 * @typedef {{name: string, acts: [string, Record<string, unknown>][], fields?: Record<string, string>,
 *            local?: string}} Step
 *   `name` of the words on the button, what it writes, or what it does on this page only
 */

/**
 * The next step of the meeting.
 * @param {any} session settings @param {any} state of the room
 * @param {{question: string, replayed: string[]}} ui what this page has done
 * @returns {Step|null} null when the meeting is over
 */
export function nextStep(session, state, ui) {
  const phase = state.phase.name;
  const shown = (what) => state.reveal.includes(what);
  const reveal = (name, what, fields) => ({ name, acts: [["reveal", { what }]], fields });
  const asked = session.guesses.map((one) => one.question);
  const open = asked.find((one) => !shown(`guess:${one}`) || !shown(`model:${one}`));
  if (NEEDS_INPUT.includes(phase) && !state.open && !isShown(phase, state, asked) && !hasSome(phase, state)) {
    return { name: "open_input", acts: [["input", { open: true }]] };
  }
  if (phase === "family" && !shown("families")) return reveal("reveal_families", "families");
  if (phase === "guess") {
    const last = asked.filter((one) => shown(`model:${one}`)).at(-1);
    if (last && !ui.replayed.includes(last)) return { name: "replay", acts: [], local: "replay" };
    if (open && !shown(`guess:${open}`)) return reveal("reveal_guess", `guess:${open}`, { question: open });
    if (open) return reveal("reveal_model", `model:${open}`, { question: open });
  }
  if (phase === "explore" && !shown("tries")) return reveal("reveal_tries", "tries");
  if (phase === "package" && !shown("packages")) return reveal("reveal_packages", "packages");
  if (phase === "shock" && state.shock === "none") return { name: "draw_shock", acts: [], local: "shock" };
  if (phase === "shock" && !shown("shock")) return reveal("reveal_shock", "shock");
  if (phase === "deliberate" && !shown("stances")) return reveal("reveal_stances", "stances");
  if (phase === "agree" && !state.frozen) return { name: "freeze", acts: [["freeze", { on: true }]] };
  if (phase === "reflect" && !shown("reflections")) return reveal("reveal_sentences", "reflections");
  const names = session.phases.map((one) => one.name);
  const next = names[names.indexOf(phase) + 1];
  if (!next) return null;
  /** @type {[string, Record<string, unknown>][]} */
  const acts = [["phase", { name: next }]];
  // The agreed text stays frozen: tables go on signing it.
  if (state.frozen && phase !== "agree") acts.push(["freeze", { on: false }]);
  const opens = NEEDS_INPUT.includes(next);
  if (opens !== state.open) acts.push(["input", { open: opens }]);
  return { name: "next_phase", acts, fields: { phase: next } };
}

function isShown(phase, state, asked) {
  const last = { package: "packages", deliberate: "stances", reflect: "reflections" }[phase];
  return last ? state.reveal.includes(last) : asked.every((one) => state.reveal.includes(`model:${one}`));
}

/** Whether somebody has handed something in: then closed input means going on, not opening it again. */
function hasSome(phase, state) {
  if (phase === "guess") return Object.values(state.guesses).some((values) => values.length > 0);
  if (phase === "package") return state.packages.length > 0;
  if (phase === "deliberate") return state.tables.some((table) => table.points > 0);
  return state.sentences.length > 0;
}

/**
 * The time of a phase.
 * @param {any} session @param {any} state @param {number} now milliseconds on the server's clock
 * @returns {{planned: number, used: number, over: boolean}} seconds
 */
export function phaseTime(session, state, now) {
  const minutes = session.phases.find((one) => one.name === state.phase.name)?.minutes ?? 0;
  const used = state.phase.since ? Math.max(0, Math.round((now - state.phase.since) / 1000)) : 0;
  return { planned: 60 * minutes, used, over: used > 60 * minutes };
}

/** Minutes and seconds. @param {number} seconds */
export function clockOf(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
