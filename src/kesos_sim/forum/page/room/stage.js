/** The one chart for the room: the same on the facilitator's page and on the projector. */

import { make, unbroken } from "../dom.js";
import { refill, scrollBox, tableTwin } from "./nodes.js";
import { exploreStage, guessStage, packagesStage, replayStage, shockStage } from "./stage_model.js";
import { familiesStage, openingStage, reflectStage } from "./stage_opening.js";
import { agreeStage, deliberateStage } from "./stage_talk.js";

/** @type {Record<string, (page: any) => any>} */
const STAGES = {
  opening: openingStage, family: familiesStage, guess: guessStage, explore: exploreStage,
  package: packagesStage, shock: shockStage, deliberate: deliberateStage, agree: agreeStage,
  reflect: reflectStage,
};

/**
 * What the room sees now.
 * @param {any} page
 * @returns {{title: string, lead?: string, body: any[], table?: {title: string, heads: string[],
 *   rows: string[][], look?: string}, notes: string[], play?: (share: number) => void}}
 */
export function stageView(page) {
  return page.ui.replay ? replayStage(page, page.ui.replay) : STAGES[page.state.phase.name](page);
}

/**
 * Draw what the room sees into an element of this window or of the projector's.
 * @param {HTMLElement} root @param {any} page
 * @returns {(share: number) => void} moves the replay, if there is one
 */
export function drawStage(root, page) {
  const view = stageView(page);
  const { say, state } = page;
  const twin = view.table && tableTwin(view.table.title, view.table.heads, view.table.rows, view.table.look);
  root.lang = page.lang;
  refill(root, make("div", { class: "kr-inside" },
    make("p", { class: "kr-phase" }, page.phase(state.phase.name), view.lead && ` · ${view.lead}`),
    make("h2", {}, unbroken(view.title)),
    make("div", { class: "kr-frame" },
      make("div", { class: `kr-body kr-of-${page.ui.replay ? "replay" : state.phase.name}` }, view.body,
        twin && state.table && make("div", { class: "kr-twin" }, scrollBox(view.table.title, twin)))),
    twin && !state.table && make("div", { class: "kf-unseen" }, twin),
    make("div", { class: "kr-notes" }, view.notes.map((note) => make("p", {}, note)),
      make("p", {}, say(page.stale ? "source_stale" : "source", { source: page.source() })))));
  return view.play ?? (() => {});
}
