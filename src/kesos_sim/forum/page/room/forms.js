/** Forms that the facilitator fills in: a vote, a clause, the plan of action, cards on paper. */

import { balanceOfShares, sharesOf } from "../balance.js";
import { fill, make, randomHex, show, write } from "../dom.js";
import { chooser, labelled, lineInput, press } from "./nodes.js";
import { ROW_FIELDS } from "./stage_talk.js";

/** @param {any} page */
const pointChoices = (page) => Object.keys(page.state.points).map((point) => [point, `${point}. ${page.point(point)}`]);

/** A line that says what is wrong with a form. */
function complaint() {
  const element = make("p", { class: "kf-problem", role: "alert", hidden: true });
  return {
    element,
    say(/** @type {string} */ words) {
      write(element, words);
      show(element, Boolean(words));
    },
  };
}

/** Shut a form while its text is being signed, and say why.
 *  @param {any} page @param {HTMLElement} form @returns {() => void} what is called when there is news */
function shut(page, form) {
  const note = make("p", { class: "kf-quiet" }, page.say("form_frozen"));
  form.firstElementChild?.after(note);
  return () => {
    show(note, page.state.frozen);
    for (const button of form.querySelectorAll("button")) button.disabled = page.state.frozen;
  };
}

/** A vote, only where the meeting asks for one. @param {any} page @returns {{element: HTMLElement, update: () => void}} */
export function voteForm(page) {
  const { say } = page;
  const point = chooser(pointChoices(page), page.ui.point);
  const [yes, no] = [1, 2].map(() => lineInput(4, { inputmode: "numeric", class: "kf-typed" }));
  const dissent = make("textarea", { maxlength: 280, rows: 3 });
  const asked = make("input", { type: "checkbox" });
  const wrong = complaint();

  function send() {
    const counts = [yes, no].map((input) => (/^\d{1,4}$/.test(input.value.trim()) ? Number(input.value) : NaN));
    if (counts.some(Number.isNaN) || counts[0] + counts[1] === 0) return wrong.say(say("vote_wrong_count"));
    if (!asked.checked) return wrong.say(say("vote_not_asked"));
    wrong.say("");
    page.act(["vote", { point: point.value, for: counts[0], against: counts[1], dissent: dissent.value.trim() }]);
    page.setUi({ point: point.value });
    for (const input of [yes, no, dissent]) input.value = "";
    asked.checked = false;
  }

  const element = make("details", { class: "kr-form" }, make("summary", {}, say("vote_title")),
    make("p", { class: "kf-quiet" }, say("vote_help")),
    labelled(say("which_point"), point),
    make("div", { class: "kr-pair" }, labelled(say("vote_for"), yes), labelled(say("vote_against"), no)),
    labelled(say("vote_dissent"), dissent),
    make("label", { class: "kr-check" }, asked, make("span", {}, say("vote_asked"))),
    wrong.element, press("vote", say("vote_send"), send));
  return { element, update: shut(page, element) };
}

/** The text of one clause. @param {any} page @returns {{element: HTMLElement, update: () => void}} */
export function clauseForm(page) {
  const { say } = page;
  const text = make("textarea", { maxlength: 1000, rows: 5 });
  const point = chooser(pointChoices(page), page.ui.point, (chosen) => {
    page.setUi({ point: chosen });
    load(true);
  });
  let loaded = "";

  function current() {
    return page.state.draft.clauses.find((clause) => clause.point === point.value)?.text ?? "";
  }

  /** What somebody is writing is never written over. @param {boolean} [anyway] */
  function load(anyway = false) {
    if (!anyway && text.value !== loaded) return;
    loaded = current();
    text.value = loaded;
  }

  load(true);
  const save = press("clause", say("clause_save"), () => {
    // Text that nobody changed stays the page's own: it is written in every language.
    if (text.value.trim() !== current()) page.act(["clause", { point: point.value, text: text.value.trim() }]);
    loaded = text.value;
  }, { look: "kf-primary" });
  const element = make("div", { class: "kr-form" }, make("h3", {}, say("clause_title")),
    labelled(say("which_point"), point), labelled(say("clause_text"), text), save);
  const held = shut(page, element);
  return {
    element,
    update() {
      load();
      held();
    },
  };
}

/** The plan of action, row by row. @param {any} page @returns {{element: HTMLElement, update: () => void}} */
export function renaksiForm(page) {
  const { say } = page;
  const fields = Object.fromEntries(ROW_FIELDS.map((name) => [name, lineInput(240)]));
  const point = chooser(pointChoices(page), page.ui.point);
  const rowHolder = make("div");
  let row = "";
  let listed = "";

  function load(chosen) {
    row = chosen;
    const found = page.state.draft.renaksi.find((one) => one.row === row);
    if (found?.point) point.value = found.point;
    for (const name of ROW_FIELDS) fields[name].value = found?.[name] ?? "";
  }

  function update() {
    const rows = page.state.draft.renaksi;
    const signature = JSON.stringify([rows.map((one) => [one.row, one.point, one.activity]), row]);
    if (signature === listed) return;
    listed = signature;
    fill(rowHolder, labelled(say("renaksi_row"), chooser([["", say("renaksi_new")], ...rows.map((one) =>
      [one.row, `${one.point}. ${(one.activity || "…").slice(0, 60)}`])], row, load)));
  }

  function save() {
    const id = row || `r${randomHex(6)}`;
    const shown = page.state.draft.renaksi.find((one) => one.row === row);
    // Fields that nobody changed stay the page's own: they are written in every language.
    const typed = ROW_FIELDS.map((name) => [name, fields[name].value.trim()])
      .filter(([name, words]) => words !== (shown?.[name] ?? ""));
    if (typed.length || point.value !== shown?.point) {
      page.act(["renaksi", { row: id, point: point.value, ...Object.fromEntries(typed) }]);
    }
    load("");
    listed = "";
    update();
  }

  function remove() {
    if (row) page.act(["renaksi", { row, delete: true }]);
    load("");
    listed = "";
    update();
  }

  update();
  const element = make("div", { class: "kr-form" }, make("h3", {}, say("renaksi_edit")), rowHolder,
    labelled(say("which_point"), point),
    make("div", { class: "kr-fields" }, ROW_FIELDS.map((name) => labelled(say(`renaksi_${name}`), fields[name]))),
    make("div", { class: "kr-strip" }, press("row-save", say("renaksi_save"), save, { look: "kf-primary" }),
      press("row-delete", say("renaksi_delete"), remove)));
  const held = shut(page, element);
  return {
    element,
    update() {
      update();
      held();
    },
  };
}

/** Cards on paper, typed in by the operator.
 *  @param {any} page @param {(() => void)[]} updates what is called when there is news of the room */
export function paperForm(page, updates) {
  const { say, session, state } = page;
  const table = chooser(state.tables.map((one) => [one.code, `${one.code} ${page.table(one.code)}`]), state.tables[0].code,
    () => update());
  const card = lineInput(16);
  const body = make("div", { class: "kr-form" });
  const wrong = complaint();
  const sent = make("p", { role: "status" });
  /** @type {() => Record<string, unknown>[]|string} bodies, or what is wrong */
  let read = () => [];
  let update = () => {};

  const KINDS = { package: packageCard, stance: stanceCard, guess: guessCard, reflect: reflectCard };
  const kind = chooser(Object.keys(KINDS).map((name) => [name, say(`paper_${name}`)]), "package", build);

  function build() {
    const made = KINDS[kind.value](page, () => table.value);
    read = made.read;
    update = made.update ?? (() => {});
    fill(body, made.parts);
    wrong.say("");
  }

  function send() {
    write(sent, "");
    const bodies = read();
    if (typeof bodies === "string") return wrong.say(say(bodies));
    wrong.say("");
    const number = card.value.trim();
    page.act(...bodies.map((one) => ["paper", {
      table: table.value, kind: kind.value, body: one, ...(number ? { card: `${table.value}-${number}` } : {}),
    }]));
    write(sent, say("paper_sent", { count: bodies.length, table: page.table(table.value) }));
    build();
    card.value = "";
  }

  build();
  updates.push(() => update());
  return make("details", { class: "kr-form" }, make("summary", {}, say("paper_title")),
    make("p", { class: "kf-quiet" }, say("paper_help")),
    make("div", { class: "kr-pair" }, labelled(say("column_table"), table), labelled(say("paper_number"), card)),
    labelled(say("paper_kind"), kind), body, wrong.element, sent,
    press("paper", say("paper_send"), send, { look: "kf-primary" }));
}

/** What the form holds where a card says: as today. */
const TODAY = "today";
/** What the form holds where a card does not say which proposal it was filled in for. */
const NOT_WRITTEN = "none";

/** @param {any} page @param {() => string} tableOf the table that the card is from */
function packageCard(page, tableOf) {
  const { say, session, boot, lang, num, answers } = page;
  const name = lineInput(40);
  const verdict = make("p", { class: "kf-verdict", role: "status" });
  // No circle is no opinion. Where no step is today's setting, the card has one for that too.
  const levers = Object.entries(session.steps).map(([lever, values]) => [lever, chooser(
    [["", say("paper_not_circled")], ...(values.includes(boot.today[lever]) ? [] : [[TODAY, say("paper_as_now")]]),
      ...values.map((value) => [String(value), page.setting(lever, value, true)])], "", update)]);
  // Text, because a field for numbers drops the sign that it does not know: "7,5" would be 75.
  const shares = boot.lines.map((line) => [line, lineInput(6, { inputmode: "decimal", class: "kf-typed", input: update })]);
  const beside = Object.fromEntries(boot.lines.map((line) => [line, make("p", { class: "kf-quiet", hidden: true }, say("paper_unpublished"))]));
  const chosen = () => Object.fromEntries(
    levers.filter(([, input]) => !["", TODAY].includes(input.value)).map(([lever, input]) => [lever, Number(input.value)]));
  const silent = () => levers.filter(([, input]) => input.value === "").map(([lever]) => lever);
  const read = () => shares.map(([line, input]) => [line, input.value.trim() ? num.parse(input.value) : 0]);
  const filled = () => read().filter(([, share]) => share > 0);
  /** What is wrong with the shares; empty if nothing is. */
  const wrong = () => {
    if (read().some(([, share]) => share === null || share < 0 || share > 100)) return "paper_no_share";
    const sum = filled().reduce((all, [, share]) => all + share, 0);
    return sum === 0 || Math.abs(sum - 100) < 1e-6 ? "" : "paper_not_whole";
  };

  /** The rule of the phones; null where there is no surface to say what a package costs. */
  const paid = () => answers.surface && balanceOfShares(answers.surface, chosen(), tableOf(),
    Object.fromEntries(filled().map(([line, share]) => [line, share / 100])));

  function update() {
    const found = paid();
    const money = (/** @type {number} */ value) => num.rupiah(Math.abs(value), { digits: 2 });
    verdict.className = `kf-verdict ${found?.balanced ? "kf-good" : "kf-open"}`;
    write(verdict, !found ? `○ ${say("paper_unchecked")}`
      : found.needed === 0 ? `✓ ${say("paper_free")}`
      : wrong() ? `○ ${say(wrong())}`
      : found.balanced ? `✓ ${say("paper_balanced", { money: money(found.needed) })}`
      : `○ ${say("paper_short", { money: money(found.missing), needed: money(found.needed) })}`);
    for (const { line, rupiah } of found?.lines ?? []) if (line in beside) show(beside[line], rupiah === null);
  }

  update();
  return {
    update,
    parts: [labelled(say("paper_name"), name),
      make("fieldset", {}, make("legend", { class: "kf-label" }, say("paper_levers")),
        make("div", { class: "kr-fields" }, levers.map(([lever, input]) => labelled(page.lever(lever), input)))),
      make("fieldset", {}, make("legend", { class: "kf-label" }, say("paper_sources")),
        make("div", { class: "kr-fields" }, shares.map(([line, input]) => labelled(boot.labels[lang].lines[line], input, beside[line])))),
      verdict],
    read() {
      if (!name.value.trim()) return "paper_no_name";
      if (wrong()) return wrong();
      const found = paid();
      const sources = found ? sharesOf(found.paid) : {};
      return [{
        name: name.value.trim(), levers: chosen(), silent: silent(), ...(Object.keys(sources).length ? { sources } : {}),
        table: true, balanced: found?.balanced ?? false,
      }];
    },
  };
}

function stanceCard(page) {
  const { say } = page;
  const rows = Object.keys(page.state.points).map((point) => {
    const answer = chooser([["", say("answer_none")], ...[3, 2, 1, 0].map((one) => [String(one), say(`answer_${one}`)])], "");
    return { point, answer, note: lineInput(140), ...proposalChooser(page, point) };
  });
  const round = chooser([["1", say("round_1")], ["2", say("round_2")]], "1");
  return {
    update: () => rows.forEach(({ refresh }) => refresh()),
    parts: [labelled(say("paper_round"), round), make("p", { class: "kf-quiet" }, say("paper_proposal_help")),
      ...rows.map(({ point, answer, note, proposal }) => make("div", { class: "kr-pair" },
        labelled(`${point}. ${page.point(point)}`, answer), labelled(say("paper_proposal", { point }), proposal),
        labelled(say("paper_note", { point }), note)))],
    read() {
      const filled = rows.filter(({ answer }) => answer.value !== "");
      if (!filled.length) return "paper_no_answer";
      if (filled.some(({ proposal }) => proposal.value === "")) return "paper_no_proposal";
      return filled.map(({ point, answer, note, setting }) => ({
        point, answer: Number(answer.value), round: Number(round.value), ...setting(),
        ...(note.value.trim() ? { note: note.value.trim() } : {}),
      }));
    },
  };
}

/** @param {any} page @param {Record<string, number>} setting */
const proposed = (page, setting) =>
  Object.entries(setting).map(([lever, value]) => page.setting(lever, value)).join("; ") || page.say("proposal_none");

/** Which proposal of the room a card was filled in for: the only one, or what the operator reads on it.
 *  @param {any} page @param {string} point */
function proposalChooser(page, point) {
  const { say } = page;
  const asked = () => /** @type {Record<string, number>[]} */ (page.state.points[point].asked);
  let byHand = false;
  const proposal = chooser([], "", () => (byHand = true));
  let listed = -1;

  function refresh() {
    const all = asked();
    if (all.length === listed) return;
    listed = all.length;
    const kept = byHand ? proposal.value : all.length > 1 ? "" : all.length ? "1" : NOT_WRITTEN;
    const options = all.map((setting, at) =>
      [String(at + 1), say("paper_proposal_nth", { number: at + 1, changes: proposed(page, setting) })]);
    fill(proposal, [["", say("paper_proposal_choose")], ...options.reverse(), [NOT_WRITTEN, say("paper_proposal_unknown")]]
      .map(([value, words]) => make("option", { value }, words)));
    proposal.value = kept;
  }

  refresh();
  return {
    proposal,
    refresh,
    /** What goes along with the answer. */
    setting: () => (proposal.value === NOT_WRITTEN ? {} : { setting: asked()[Number(proposal.value) - 1] }),
  };
}

function guessCard(page) {
  const { say, session, num } = page;
  const rows = session.guesses.map(({ question }) => ({ question, value: lineInput(6, { inputmode: "decimal" }) }));
  return {
    parts: rows.map(({ question, value }) => labelled(
      say("paper_guess_of", { year: page.headlineYear, question: say(`short_${question}`) }), value)),
    read() {
      const filled = rows.filter(({ value }) => value.value.trim());
      const values = filled.map(({ question, value }) => ({ question, value: num.parse(value.value) }));
      if (!values.length || values.some(({ value }) => value === null || value < 0 || value > 100)) return "paper_no_guess";
      return values;
    },
  };
}

function reflectCard(page) {
  const text = make("textarea", { maxlength: 280, rows: 3 });
  return {
    parts: [labelled(page.say("paper_sentence"), text)],
    read: () => (text.value.trim() ? [{ text: text.value.trim() }] : "paper_no_sentence"),
  };
}
