/** The full model on request, beside the quick answer. */

import { button, fill, make, show, write } from "../dom.js";
import { outcomeRange, outcomeValue, untold } from "../sentences.js";

/** @typedef {import("../app.js").App} App */

/** Asks the full model, and shows its figure beside the quick one. @param {App} app */
export function fullModel(app) {
  const { say, store, outlook, numbers } = app;
  const status = make("p", { role: "status" });
  const table = make("div", { class: "kf-scroll" });
  const ask = button(say("full_ask"), () => {
    const { levers, taken, place, shock } = store.state.work;
    const key = app.packageKey();
    const sources = outlook.shares(taken, place);
    const id = app.enter("full", { levers, sources, shock, effect: true });
    store.put((state) => (state.full = { id, key }));
  });
  const element = make(
    "section",
    { class: "kf-plain kf-stack" },
    make("h2", {}, say("full_title")),
    make("p", { class: "kf-quiet" }, say("full_lead")),
    ask,
    status,
    table,
  );

  function update() {
    if (app.alone) {
      show(ask, false);
      return write(status, say("full_alone"));
    }
    const asked = store.state.full;
    const request = asked ? app.room?.requests?.[asked.id] : null;
    const busy = asked && (!request || request.state === "queued" || request.state === "running");
    ask.disabled = Boolean(busy && asked) || !Object.keys(store.state.work.levers).length;
    show(table, request?.state === "done");
    if (!asked) return write(status, "");
    if (!request) return write(status, say("full_sent"));
    const same = asked.key === app.packageKey();
    if (request.state === "queued")
      return write(status, say("full_queued", { place: request.place_in_queue ?? "?" }));
    if (request.state === "running") return write(status, say("full_running"));
    if (request.state === "refused") return write(status, say("full_refused"));
    write(status, say(same ? "full_done" : "full_done_other"));
    fill(table, bothFigures(request), make("p", { class: "kf-quiet" }, say("full_one_run")));
  }

  /** Quick answer and full model side by side: the package, no change, and no effect, as far as
   *  the full model has lived them.
   *  @param {{outcomes?: any, baseline?: any, idle?: any, idle_baseline?: any}} request */
  function bothFigures({ outcomes = {}, baseline = {}, idle = {}, idle_baseline = {} }) {
    const { levers, place, shock } = store.state.work;
    const quick = outlook.answer({ levers, place, shock });
    const without = outlook.answer({ levers, place, shock, effect: false });
    const bodies = [];
    for (const name of [...outlook.outcomes.keys()].filter(
      (one) => one in outcomes && app.has(`outcome_${one}`),
    )) {
      if (!quick.inside || !without.inside) break;
      const known = outlook.outcomes.get(name);
      const { base, package: moved } = outlook.headlineOf(quick, name);
      const none = outlook.headlineOf(without, name);
      const cases = [
        ["case_package", moved, fullValue(outcomes[name], place, "package")],
        ["case_base", base, fullValue(baseline?.[name] ?? outcomes[name], place, "base")],
        ["case_idle", none.package, fullValue(idle?.[name], place, "package")],
        ["case_idle_base", none.base, fullValue(idle_baseline?.[name], place, "base")],
      ].filter(([, , value]) => value !== null);
      if (!cases.length) continue;
      const quickly = (/** @type {any} */ of) =>
        outlook.tells(name)
          ? `${outcomeValue(numbers, known, of[1])} (${outcomeRange(numbers, known, of)})`
          : say("untold");
      bodies.push(
        make(
          "tbody",
          {},
          make(
            "tr",
            {},
            make("th", { scope: "rowgroup", colspan: 3, class: "kf-group" }, say(`outcome_${name}`)),
          ),
          cases.map(([key, of, value]) =>
            make(
              "tr",
              {},
              make("th", { scope: "row" }, say(key)),
              make("td", {}, quickly(of)),
              make("td", {}, outcomeValue(numbers, known, value)),
            ),
          ),
        ),
      );
    }
    return make(
      "table",
      {},
      make("caption", {}, say("full_table", { place: app.placeName(place) })),
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          ["outcome", "full_quick", "full_model"].map((key) =>
            make("th", { scope: "col" }, say(key)),
          ),
        ),
      ),
      bodies,
    );
  }

  return { element, update };
}

/** The figure of the full model for a place: a number, a series whose last year counts, by place, or
 *  with the cases `base` and `package`.
 *  @param {any} found @param {string} place @param {"base"|"package"} of @returns {number|null} */
function fullValue(found, place, of) {
  if (typeof found === "number") return found;
  if (Array.isArray(found)) return fullValue(found.at(-1), place, of);
  if (found && typeof found === "object")
    return fullValue(place in found ? found[place] : found[of], place, of);
  return null;
}
