/** The facilitator's controls below the stage: those of every phase and those of this one. */

import { make } from "../dom.js";
import { chooser, labelled, press, unfolding } from "./nodes.js";
import { ON_WALL, familyKinds } from "./stage_opening.js";

/** A button that opens or closes something on the wall. @param {any} page @param {string} what */
function revealSwitch(page, what) {
  const shown = page.state.reveal.includes(what);
  const words = page.say(`tool_${what.split(":")[0]}`);
  return press(`reveal:${what}`, page.say(shown ? "hide_what" : "reveal_what", { what: words }),
    () => page.act([shown ? "hide" : "reveal", { what }]), { pressed: shown });
}

/** Controls that are always there. @param {any} page */
export function commonTools(page) {
  const { say, state } = page;
  const flip = (key, on, kind, body) => press(key, say(on ? `${key}_off` : `${key}_on`), () => page.act([kind, body]), { pressed: on });
  const tables = [["", say("highlight_none")], ...state.tables.map((table) => [table.code, page.table(table.code)])];
  return [
    flip("input", state.open, "input", { open: !state.open }),
    press("replay", say("replay_last"), () => page.replay(), { off: !page.lastChange() }),
    page.ui.replay && press("chart", say("back_to_chart"), () => page.setUi({ replay: null })),
    flip("table", state.table, "show_table", { on: !state.table }),
    flip("freeze", state.frozen, "freeze", { on: !state.frozen }),
    labelled(say("highlight"), chooser(tables, state.highlight ?? "", (table) => page.act(["highlight", { table }]), "highlight")),
  ];
}

/** Controls of one phase. @param {any} page @returns {any[]} */
export function phaseTools(page) {
  return (PHASE_TOOLS[page.state.phase.name] ?? (() => []))(page);
}

/** @type {Record<string, (page: any) => any[]>} */
const PHASE_TOOLS = {
  opening: (page) => [revealSwitch(page, "about")],
  family: familyTools,
  guess: guessTools,
  explore: (page) => [revealSwitch(page, "tries"), leverTool(page)],
  package: (page) => [revealSwitch(page, "packages")],
  shock: shockTools,
  deliberate: (page) => [revealSwitch(page, "stances"), pointTool(page), moderated(page, page.state.points[page.ui.point].notes)],
  agree: (page) => [
    labelled(page.say("draft_part"), chooser([["clauses", page.say("draft_clauses")], ["renaksi", page.say("renaksi_title")],
      ["totals", page.say("totals_title")]],
      page.ui.part, (part) => page.setUi({ part }), "part")),
  ],
  reflect: (page) => reflectTools(page),
};

function familyTools(page) {
  const { say, ui, families, num, lang } = page;
  if (!families) return [];
  const { months } = families;
  const kinds = familyKinds(families);
  const titles = new Map(families.families.map((one) => [one.kind, one.title[lang]]));
  const go = (by) => page.setUi({ month: Math.min(months.length - 1, Math.max(0, ui.month + by)) });
  return [
    revealSwitch(page, "families"),
    labelled(say("which_family"), chooser(kinds.map((kind) => [kind, titles.get(kind)]), ui.family || kinds[0],
      (family) => page.setUi({ family }), "family")),
    make("div", { class: "kr-stepper" },
      press("month-", "−", () => go(-1), { name: say("month_before"), off: ui.month <= 0 }),
      make("span", { class: "kr-value" }, num.monthName(months[Math.min(ui.month, months.length - 1)])),
      press("month+", "+", () => go(1), { name: say("month_after"), off: ui.month >= months.length - 1 })),
  ];
}

function guessTools(page) {
  const { say, session, ui } = page;
  return [
    labelled(say("which_question"), chooser(session.guesses.map(({ question }) => [question, say(`short_${question}`)]),
      ui.question, (question) => page.setUi({ question, replay: null }), "question")),
    revealSwitch(page, `guess:${ui.question}`),
    revealSwitch(page, `model:${ui.question}`),
  ];
}

function leverTool(page) {
  const { say, ui, answers } = page;
  const levers = answers.surface ? answers.surface.levers.map((one) => one.name) : [];
  return levers.length > 0 && labelled(say("which_lever"), chooser(
    [["", say("lever_last_tried")], ...levers.map((name) => [name, page.lever(name)])], ui.lever,
    (lever) => page.setUi({ lever, replay: null }), "lever"));
}

function shockTools(page) {
  const { say, session, state } = page;
  const names = [["none", say("no_shock")], ...session.shocks.map((name) => [name, page.shock(name)])];
  return [
    press("draw", say("draw_shock"), () => page.drawShock()),
    labelled(say("change_shock"), chooser(names, state.shock, (name) => page.act(["shock", { name }]), "shock")),
    revealSwitch(page, "shock"),
  ];
}

function pointTool(page) {
  return labelled(page.say("which_point"), chooser(Object.keys(page.state.points).map((point) =>
    [point, `${point}. ${page.point(point)}`]), page.ui.point, (point) => page.setUi({ point }), "point"));
}

const reflectTools = (page) => [revealSwitch(page, "reflections"),
  page.state.sentences.length > ON_WALL && press("wall", page.say("more_sentences"), () => page.setUi({ wall: page.ui.wall + 1 })),
  moderated(page, page.state.sentences)];

/** What people typed, each to be taken off the wall. @param {any} page
 *  @param {{id: string, table: string, text: string, hidden: boolean}[]} entries */
function moderated(page, entries) {
  const { say } = page;
  const typed = entries.filter((one) => one.text);
  return typed.length > 0 && make("ul", { class: "kr-moderate", "aria-label": say("moderate") }, typed.map((one) => make("li", {},
    make("span", { class: one.hidden ? "kr-struck" : "" }, one.text, " ", make("span", { class: "kf-quiet" }, page.table(one.table))),
    press(`entry:${one.id}`, say(one.hidden ? "sentence_show" : "sentence_hide"),
      () => page.act([one.hidden ? "reveal" : "hide", { what: `entry:${one.id}` }])))));
}

/** What was done last, each of it to be undone. @param {any} page */
export function actionLog(page) {
  const { say, state } = page;
  const rows = state.log.slice(-12).reverse();
  return unfolding(page, "log", say("log_title"),
    rows.length ? make("ul", {}, rows.map((one) => make("li", {},
      make("span", {}, `${page.clock(one.at)} ${page.deed(one)}`),
      press(`undo:${one.id}`, say("undo"), () => page.act(["undo", { id: one.id }]),
        { name: say("undo_deed", { deed: page.deed(one) }) }))))
      : make("p", {}, say("log_empty")));
}
