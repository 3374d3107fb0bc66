/** Screen 6: where the money comes from; source lines until the package is balanced. */

import { slider } from "../controls.js";
import { button, fill, make, show, write } from "../dom.js";

/** @typedef {import("../app.js").App} App */

/** Money moves in steps of a hundredth of what is needed, rounded to a plain amount. */
const PARTS = 100;

/** @param {App} app */
export function sourcesScreen(app) {
  const { say, store, outlook, numbers } = app;
  const need = make("p", { class: "kf-lead" });
  const where = make("p", { class: "kf-quiet" });
  const verdict = make("p", { class: "kf-verdict", role: "status" });
  const bar = make("div", { class: "kf-meter", "aria-hidden": "true" }, make("span", {}));
  const lines = make("div", { class: "kf-stack" });
  const proposal = proposalForm(app);
  const clear = button(say("sources_clear"), () => store.change((work) => (work.taken = {})));
  const element = make(
    "div",
    { class: "kf-stack" },
    app.placeChoice(),
    need,
    where,
    verdict,
    bar,
    lines,
    make("div", { class: "kf-row" }, clear),
    make("p", { class: "kf-quiet" }, say("sources_note")),
    proposal.element,
  );
  /** Lines that can pay. @type {Map<string, {set: (value: number) => void, size: any}>} */
  let rows = new Map();
  let drawnFor = "";

  /** @param {{line: string, rupiah: number|null}[]} found @param {number} needed */
  function drawLines(found, needed) {
    rows = new Map();
    const unit = 10 ** Math.max(Math.floor(Math.log10(needed / PARTS)), 0);
    const step = Math.max(Math.round(needed / PARTS / unit) * unit, 1);
    fill(
      lines,
      found.map(({ line, rupiah }) => {
        const label = app.lineName(line);
        if (rupiah === null) {
          return make(
            "div",
            { class: "kf-lever kf-money" },
            make("p", { class: "kf-label" }, label),
            make("p", { class: "kf-quiet" }, say("sources_size_unknown")),
          );
        }
        const high = Math.floor(Math.min(rupiah, needed) / step) * step || step;
        const written = (/** @type {number} */ value) => numbers.rupiah(value, { digits: 3 });
        const made = slider({
          label,
          low: 0,
          high,
          step,
          stride: step * 5,
          value: store.state.work.taken[line] ?? 0,
          written,
          sentence: (value) => say("sources_sentence", { money: written(value), line: label }),
          parse: app.parseMoney,
          less: say("less", { of: label }),
          more: say("more", { of: label }),
          typed: say("typed", { of: label }),
          wrong: (low, top) => say("wrong_number", { low, high: top }),
          change: (value) =>
            store.change((work) => {
              if (value > 0) work.taken[line] = value;
              else delete work.taken[line];
            }, `taken:${line}`),
        });
        const size = make("p", { class: "kf-quiet" });
        const rest = button(say("sources_rest"), () => takeRest(line, rupiah), {
          class: "kf-button kf-small",
          "aria-label": say("sources_rest_of", { line: label }),
        });
        rows.set(line, { set: made.set, size });
        return make(
          "div",
          { class: "kf-lever kf-money" },
          made.element,
          make("div", { class: "kf-row" }, size, rest),
        );
      }),
    );
  }

  /** Take what is still missing from one line, as far as it reaches.
   *  @param {string} line @param {number} size */
  function takeRest(line, size) {
    const { levers, taken, place } = store.state.work;
    const { missing, paid } = outlook.balance(levers, taken, place);
    store.change((work) => {
      work.taken[line] = Math.min(Math.max((paid[line] ?? 0) + missing, 0), size);
      if (!work.taken[line]) delete work.taken[line];
    });
  }

  function update() {
    const { levers, taken, place } = store.state.work;
    const found = outlook.balance(levers, taken, place);
    const { needed, missing, balanced, paid, outside } = found;
    const money = (/** @type {number} */ value) => numbers.rupiah(Math.abs(value), { digits: 2 });
    need.className = outside ? "kf-problem" : "kf-lead";
    fill(
      need,
      outside
        ? app.outsideText(outside)
        : app.rich(needed ? "sources_need" : "sources_no_need", {
            money: money(needed),
            place: app.placeName(place),
          }),
    );
    const whole = outlook.surface.places[0];
    write(
      where,
      say(place === whole ? "sources_where_whole" : "sources_where", {
        place: app.placeName(place),
        whole: app.placeName(whole),
      }),
    );
    show(where, needed > 0);
    const key = `${place} ${Math.round(needed)}`;
    if (key !== drawnFor) {
      drawnFor = key;
      if (needed) drawLines(found.lines, needed);
      else fill(lines);
    }
    show(bar, needed > 0);
    show(clear, needed > 0);
    show(verdict, !outside);
    verdict.className = `kf-verdict ${balanced ? "kf-good" : "kf-open"}`;
    write(
      verdict,
      balanced
        ? `✓ ${say("sources_balanced")}`
        : `○ ${say(missing > 0 ? "sources_short" : "sources_over", { money: money(missing) })}`,
    );
    bar.firstElementChild.style.width = `${needed ? Math.min((100 * found.found) / needed, 100) : 100}%`;
    for (const { line, rupiah } of found.lines) {
      const row = rows.get(line);
      if (!row) continue;
      row.set(paid[line] ?? 0);
      const part = ((paid[line] ?? 0) / rupiah) * 100;
      write(
        row.size,
        say("sources_size", {
          size: money(rupiah),
          part: numbers.percent(part, { decimals: part < 10 ? 1 : 0 }),
        }),
      );
    }
    proposal.update(found);
  }

  return { element, update, aside: true, strip: true };
}

/** The form that proposes the package as the table's. @param {App} app */
function proposalForm(app) {
  const { say, store, outlook } = app;
  const name = make("input", {
    type: "text",
    maxlength: 40,
    id: "kf-package-name",
    class: "kf-text",
    autocomplete: "off",
    value: store.state.packageName ?? "",
    input: () => store.put((state) => (state.packageName = name.value)),
  });
  const said = make("p", { class: "kf-quiet", role: "status" });
  const sentKey = () => {
    const { levers, kept, taken } = store.state.work;
    return JSON.stringify([levers, kept, taken]);
  };
  const send = button(
    say("propose_send"),
    () => {
      const { levers, kept, taken, place } = store.state.work;
      const { balanced } = outlook.balance(levers, taken, place);
      store.put((state) => (state.sentPackage = sentKey()));
      app.enter("package", {
        name: (name.value.trim() || say("propose_unnamed")).slice(0, 40),
        levers,
        silent: [...outlook.levers.keys()].filter(
          (one) => !(one in levers || kept.includes(one)),
        ),
        sources: outlook.shares(taken, place),
        table: true,
        balanced,
      });
    },
    { class: "kf-button kf-primary" },
  );
  const element = make(
    "section",
    { class: "kf-plain kf-stack" },
    make("h2", {}, say("propose_title")),
    make(
      "div",
      { class: "kf-field" },
      make("label", { for: "kf-package-name", class: "kf-label" }, say("propose_name")),
      name,
    ),
    send,
    said,
  );

  /** @param {import("../balance.js").Balance} found */
  function update({ balanced, outside }) {
    const { levers, kept } = store.state.work;
    show(element, !app.alone);
    const open = app.reached("package") && app.room?.open !== false && !app.room?.frozen;
    const empty = !Object.keys(levers).length && !kept.length;
    const same = store.state.sentPackage === sentKey();
    send.disabled = !open || empty || !store.state.province || Boolean(outside);
    write(
      said,
      !store.state.province
        ? say("propose_join")
        : !open
          ? say("propose_closed")
          : empty
            ? say("propose_empty")
            : outside
              ? app.outsideText(outside)
              : same
                ? say("propose_same")
                : balanced
                  ? say("propose_ready")
                  : say("propose_unbalanced"),
    );
  }

  return { element, update };
}
