/** The stage of the consultation: how near the points are, what is objected, the draft. */

import { make } from "../dom.js";
import { gathered } from "./answers.js";
import { scrollBox, tableTwin } from "./nodes.js";
import { tablesHere, waitingCount } from "./stage_opening.js";

/** Signs beside the words, so that nothing rests on a colour. */
const SIGNS = { 3: "✓", 2: "✓*", 1: "?", 0: "✕", unconfirmed: "↻", none: "·", absent: "–" };
const STATUS_SIGNS = { mufakat: "✓", near: "≈", open: "…", voted: "☑" };

/** So much of what is objected fits on a wall; the rest is in the list of the facilitator. */
const MOST_GROUPS = 3;
const MOST_TEXTS = 1;

/** The meter of all points, and one point with its objections. @param {any} page */
export function deliberateStage(page) {
  const { say, state, ui } = page;
  const points = Object.entries(state.points);
  if (!state.reveal.includes("stances")) {
    const answered = new Set(points.flatMap(([, point]) => Object.keys(point.tables)));
    return {
      title: say("deliberate_title"),
      body: [
        waitingCount(page, answered.size, state.open ? "waiting_tables_open" : "waiting_tables_closed"),
        make("ol", { class: "kr-proposals" }, points.map(([name, point]) => make("li", { value: name },
          make("b", {}, page.point(name)), make("span", {}, ` · ${proposalWords(page, point)}`)))),
      ],
      notes: [say("mufakat_note", page.rule())],
    };
  }
  const agreed = points.filter(([, point]) => point.status === "mufakat" || point.status === "voted").length;
  const codes = state.tables.map((table) => table.code);
  // An agreement to what the room no longer proposes is none yet.
  // A table that is there and silent counts against an agreement, one where nobody sits does not.
  const answerOf = (point, code) => (point.unconfirmed.includes(code) ? "unconfirmed"
    : point.tables[code] ?? (point.silent.includes(code) ? "none" : "absent"));
  const cell = (point, code) => {
    const answer = answerOf(point, code);
    return make("span", {
      class: `kr-cell kr-answer-${answer} ${state.highlight === code ? "kr-lit" : ""}`,
    }, SIGNS[answer]);
  };
  const row = ([name, point]) => make("div", { class: `kr-point ${ui.point === name ? "kr-chosen" : ""}` },
    make("span", { class: "kr-point-name" }, make("b", {}, name), ` ${page.point(name)}`),
    make("span", { class: "kr-cells", "aria-hidden": "true" }, codes.map((code) => cell(point, code))),
    make("span", { class: `kr-status kr-${point.status}` }, `${STATUS_SIGNS[point.status]} ${say(`status_${point.status}`)}`));
  return {
    title: say("deliberate_title_opened", { count: agreed, points: points.length }),
    body: [
      make("div", { class: "kr-meter" },
        make("div", { class: "kr-point kr-head", "aria-hidden": "true" }, make("span", {}),
          make("span", { class: "kr-cells" }, codes.map((code) => make("span", { class: "kr-cell" }, code))), make("span", {})),
        points.map(row),
        make("p", { class: "kr-quiet kr-key" }, [3, 2, 1, 0, "unconfirmed", "none", "absent"]
          .map((answer) => make("span", {}, `${SIGNS[answer]} ${say(`answer_${answer}`)}`)))),
      onePoint(page, ui.point),
    ],
    table: {
      title: say("stances_table"), look: "kr-words",
      heads: [say("column_point"), say("column_status"), ...codes],
      rows: points.map(([name, point]) => [`${name} ${page.point(name)}`, say(`status_${point.status}`),
        ...codes.map((code) => say(`answer_${answerOf(point, code)}`))]),
    },
    notes: [say("mufakat_note", page.rule())],
  };
}

/** What the room proposes, by its number, and how many tables said something about it.
 *  @param {any} page @param {any} point */
function proposalWords(page, point) {
  const { say } = page;
  const levers = Object.entries(point.heard);
  const words = (lever, count) => (lever in point.proposal ? page.setting(lever, point.proposal[lever], true)
    : say(count ? "paper_as_now" : "proposal_unheard"));
  const named = (lever, count) => // a point with one lever has its name
    (levers.length > 1 ? `${page.lever(lever)}: ${words(lever, count)}` : words(lever, count));
  const heard = levers.map(([lever, count]) => (count || lever in point.proposal
    ? say("proposal_lever", { count, setting: named(lever, count) }) : named(lever, count)));
  return say("proposal_nth", { number: Math.max(1, point.asked.length), changes: heard.join("; ") });
}

/** Objections to one point, gathered, and the tables that are silent. @param {any} page @param {string} name */
function onePoint(page, name) {
  const { say, state } = page;
  const point = state.points[name];
  if (!point) return null;
  const groups = gathered(point.notes.filter((note) => !note.hidden));
  const people = [3, 2, 1, 0].map((answer) => say("people_answer", {
    answer: say(`answer_${answer}`), count: point.people[answer],
  }));
  const changed = Object.entries(point.amended);
  return make("div", { class: "kr-one-point" },
    make("h3", {}, say("point_number", { point: name, name: page.point(name) })),
    make("p", {}, proposalWords(page, point)),
    make("p", {}, people.join(" · ")),
    point.vote && make("p", { class: "kr-vote" }, say("voted", { for: point.vote.for, against: point.vote.against }),
      point.vote.dissent ? ` ${say("voted_dissent", { text: point.vote.dissent })}` : ""),
    changed.length > 0 && make("p", {}, say("amended", {
      changes: changed.map(([lever, value]) => page.setting(lever, value)).join("; ") })),
    groups.length > 0 && make("ul", { class: "kr-objections" }, groups.slice(0, MOST_GROUPS).map((group) => make("li", {},
      make("b", {}, `${SIGNS[group.answer]} ${group.phrase ? page.phrase(group.phrase) : say(`answer_${group.answer}`)}`),
      // Tables by their codes, as above the meter: whole names would fill the wall.
      ` (${group.tables.join(", ")})`,
      group.texts.length > 0 && make("ul", {}, group.texts.slice(0, MOST_TEXTS).map((one) =>
        make("li", {}, make("q", {}, one.text), make("span", { class: "kr-quiet" }, ` ${one.table}`))),
      group.texts.length > MOST_TEXTS && make("li", {}, say("more_texts", { count: group.texts.length - MOST_TEXTS })))))),
    point.unconfirmed.length > 0 && make("p", { class: "kr-silent" }, say("unconfirmed", {
      count: point.unconfirmed.length, tables: point.unconfirmed.map((code) => page.table(code)).join(", ") })),
    make("p", { class: "kr-silent" }, point.silent.length
      ? say("silent", { tables: point.silent.map((code) => page.table(code)).join(", ") })
      : say("none_silent")));
}

/** The draft clause by clause, the plan of action, and who has signed. @param {any} page */
export function agreeStage(page) {
  const { say, state, ui } = page;
  const { clauses, renaksi, totals, digest } = state.draft;
  const signed = state.tables.filter((table) => table.signed).map((table) => page.table(table.code));
  const shown = ui.part === "renaksi" ? renaksiTable(page, renaksi)
    : ui.part === "totals" ? totalsList(page, totals) : clauseList(page, clauses);
  return {
    title: say(state.frozen ? "agree_title_frozen" : "agree_title", {
      count: signed.length, tables: tablesHere(state).length }),
    body: [...[shown].flat(), state.frozen && make("p", {}, signed.length
      ? say("signed_by", { tables: signed.join(", ") }) : say("signed_none"))],
    notes: [say("draft_note"), ...(state.frozen && digest ? [say("digest", { digest: digest.slice(0, 12) })] : [])],
  };
}

/** All clauses in one line each, and the chosen one whole: a wall cannot hold nine whole clauses.
 *  @param {any} page @param {any[]} clauses */
function clauseList(page, clauses) {
  const { say, state, ui } = page;
  const chosen = clauses.find((clause) => clause.point === ui.point) ?? clauses[0];
  const status = (clause) => state.points[clause.point]?.status ?? "open";
  return [
    make("ol", { class: "kr-clauses" }, clauses.map((clause) =>
      make("li", { class: clause === chosen ? "kr-chosen" : "", value: clause.point }, page.point(clause.point),
        make("span", { class: "kr-quiet" }, ` ${STATUS_SIGNS[status(clause)]} ${say(`status_${status(clause)}`)}`)))),
    make("div", { class: "kr-one-point" },
      make("h3", {}, say("point_number", { point: chosen.point, name: page.point(chosen.point) })),
      make("p", { class: "kr-clause-text" }, chosen.text),
      chosen.number && make("p", {}, chosen.number), make("p", { class: "kr-quiet" }, chosen.outcome),
      [...chosen.dissent.map((words) => say("draft_dissent", { words })), ...(chosen.questions ?? []), ...chosen.notes]
        .slice(0, MOST_GROUPS).map((words) => make("p", {}, words))),
  ];
}

/** What the whole package does, which is signed along with clauses and plan.
 *  @param {any} page @param {string[]} totals */
const totalsList = (page, totals) => make("div", {}, make("h3", {}, page.say("totals_title")),
  make("ul", {}, totals.map((words) => make("li", {}, words))));

/** Columns of the plan of action that are typed in. */
export const ROW_FIELDS = ["activity", "responsible", "years", "fund", "indicator", "target", "range"];

/** @param {any} page @param {any[]} rows */
function renaksiTable(page, rows) {
  const { say } = page;
  const heads = [say("column_point"), ...ROW_FIELDS.map((field) => say(`renaksi_${field}`))];
  if (!rows.length) return make("p", {}, say("renaksi_empty"));
  return scrollBox(say("renaksi_title"), tableTwin(say("renaksi_title"), heads,
    rows.map((row) => [row.point, ...ROW_FIELDS.map((field) => row[field] || "……")]), "kr-words"));
}
