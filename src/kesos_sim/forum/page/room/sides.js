/** Left: the phases, the clock and the one button. Right: the state of the tables. The script. */

import { make, write } from "../dom.js";
import { press } from "./nodes.js";
import { peopleWords } from "./stage_opening.js";
import { clockOf, nextStep, phaseTime } from "./steps.js";

/** @param {any} page @returns {any[]} */
export function stepper(page) {
  const { say, session, state } = page;
  const names = session.phases.map((one) => one.name);
  const here = names.indexOf(state.phase.name);
  const step = nextStep(session, state, page.ui);
  const words = step && say(`step_${step.name}`, {
    phase: step.fields?.phase ? page.phase(step.fields.phase) : "",
    question: step.fields?.question ? say(`short_${step.fields.question}`) : "",
  });
  return [
    make("ol", { class: "kr-phases" }, session.phases.map((one, place) =>
      make("li", { class: place < here ? "kr-past" : "" },
        press(`phase:${one.name}`, `${page.phase(one.name)} ·\u00a0${say("minutes", { count: one.minutes }).replace(" ", "\u00a0")}`,
          () => page.act(["phase", { name: one.name }]), { look: place === here ? "kr-here" : "kr-plain" })))),
    make("p", { class: "kr-clock", "aria-label": say("clock_name") }),
    step ? press("next", words, () => page.take(step), { look: "kf-primary kr-next" })
      : make("p", {}, say("meeting_over")),
  ];
}

/** Write the time of the phase; it is never announced, nobody wants to hear seconds.
 *  @param {HTMLElement} root @param {any} page */
export function tickClock(root, page) {
  const place = root.querySelector(".kr-clock");
  if (!place) return;
  const { planned, used, over } = phaseTime(page.session, page.state, page.now());
  write(place, page.say(over ? "clock_over" : "clock", { used: clockOf(used), planned: clockOf(planned) }));
  place.classList.toggle("kr-over", over);
}

/** Who is there, who has sent, whose package is short, who is not heard. @param {any} page */
export function roomState(page) {
  const { say, state } = page;
  const sent = SENT[state.phase.name];
  const notes = (table) => [
    // A table may have sent on paper only.
    sent && (table.joined > 0 || sent(table)) && (sent(table) ? `✓\u00a0${say("side_sent")}` : `○\u00a0${say("side_waiting")}`),
    table.package && table.balanced === false && `⚠\u00a0${say("unbalanced")}`,
    table.joined > 0 && table.quiet > QUIET_AFTER && `◌\u00a0${say(table.online > 0 ? "side_idle" : "side_quiet", { minutes: table.quiet })}`,
    table.signed && `✓\u00a0${say("side_signed")}`,
  ].filter(Boolean);
  const people = state.tables.reduce((sum, table) => sum + table.joined, 0);
  return [
    make("h2", {}, say("side_title")),
    make("p", {}, say("side_joined", { count: people })),
    make("p", {}, `● ${say("side_online", { count: state.tables.reduce((sum, table) => sum + table.online, 0) })}`),
    make("ul", { class: "kr-side-tables" }, state.tables.map((table) => make("li", {
      class: `${table.joined || table.cards ? "" : "kr-faint"} ${state.highlight === table.code ? "kr-lit" : ""}`,
    },
    make("span", { class: "kr-tile" }, table.code),
    make("span", {}, page.table(table.code)), make("b", {}, peopleWords(page, table, table.joined ? say("side_counts", { online: table.online, joined: table.joined }) : "0")),
    notes(table).length > 0 && make("span", { class: "kr-side-notes" },
      notes(table).map((words, place) => [place > 0 && " · ", make("span", {}, words)]))))),
    state.requests.waiting > 0 && make("p", {}, say("side_queue", { count: state.requests.waiting })),
  ];
}

const QUIET_AFTER = 10;

/** What a table has to send in a phase. @type {Record<string, (table: any) => boolean>} */
const SENT = {
  guess: (table) => table.guessed > 0,
  explore: (table) => table.tried > 0,
  package: (table) => table.package,
  deliberate: (table) => table.points === 9,
  reflect: (table) => table.sentences > 0,
};

/** What to say in a phase, what to ask, what may be disputed, what if the network fails. @param {any} page */
export function scriptOf(page) {
  const { say, state } = page;
  const key = (part) => `script.${state.phase.name}.${part}`;
  const numbered = (part) => [1, 2, 3, 4].filter((one) => page.has(key(`${part}_${one}`))).map((one) => say(key(`${part}_${one}`)));
  return [
    press("script-close", say("script_close"), () => page.showScript(false), { look: "kr-script-close" }),
    make("h2", {}, say("script_title", { phase: page.phase(state.phase.name) })),
    make("p", {}, say(key("say"))),
    make("h3", {}, say("script_do")), make("ul", {}, numbered("do").map((one) => make("li", {}, one))),
    make("h3", {}, say("script_ask")), make("ul", {}, numbered("ask").map((one) => make("li", {}, one))),
    make("h3", {}, say("script_dispute")),
    make("dl", {}, [1, 2, 3].filter((one) => page.has(key(`claim_${one}`))).flatMap((one) =>
      [make("dt", {}, say(key(`claim_${one}`))), make("dd", {}, say(key(`reply_${one}`)))])),
    make("h3", {}, say("script_plan_b")), make("p", {}, say(key("plan_b"))), make("p", {}, say("plan_b_always")),
  ];
}
