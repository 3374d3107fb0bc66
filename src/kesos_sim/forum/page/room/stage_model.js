/** The stage where the model speaks: guesses and answers, levers, packages, shocks, the replay. */

import { make } from "../dom.js";
import { counted, ranked, span, surprising, tried } from "./answers.js";
import { histogram, rangeRows, twoLines } from "./drawings.js";
import { tablesHere, tableTiles, waitingCount } from "./stage_opening.js";

const BIN = 0.5;

/** @param {any} page */
const percentTick = (page) => (value) => page.num.percent(value, { decimals: 1 });

/** A range in words: middle first, then low to high. */
function levelWords(page, [low, value, high]) {
  return page.say("level", {
    value: page.num.percent(value), range: page.num.interval(low, high, { kind: "percent" }),
  });
}

/** A change in words, with its range. */
export function changeWords(page, [low, value, high]) {
  const { num, say } = page;
  const nought = (/** @type {number} */ one) => Math.abs(one) < 0.005;
  const word = nought(value) ? "hardly" : value < 0 ? "down" : "up";
  // "Down 2.00 (range 0.81–3.41)": the word says the sign, for the ends of the range as well.
  const [from, to] = word === "down" ? [-high, -low] : [low, high];
  return say(`change_${word}`, {
    value: num.points(Math.abs(value), { decimals: 2 }), range: nought(low) && nought(high) ? say("range_nought") : num.interval(from, to, { kind: "points", decimals: 2 }),
  });
}

/** What was guessed, then what the model says, with and without effect of coordination. */
export function guessStage(page) {
  const { say, state, ui, num, answers } = page;
  const asked = page.session.guesses.find((one) => one.question === ui.question);
  const values = state.guesses[ui.question] ?? [];
  const question = say(`question_${ui.question}`, { year: page.headlineYear });
  if (!state.reveal.includes(`guess:${ui.question}`)) {
    return { title: question, body: [waitingCount(page, values.length)], notes: [say("guess_closed_note")] };
  }
  const opened = state.reveal.includes(`model:${ui.question}`);
  const model = opened ? answers.headline(asked.levers) : null;
  const zero = opened ? answers.headline(asked.levers, { effect: false }) : null;
  const half = state.medians[ui.question] ?? null;
  const known = model ? [...model.package, ...(zero ? zero.package : []), ...model.base] : [];
  const all = [...values, ...known];
  const wide = span(all.length ? all : [0, 10], 1);
  // A guess far off must not press everybody else's into one bar: it is counted at the edge.
  const axis = { low: Math.max(wide.low, 0), high: Math.min(wide.high, Math.max(16, ...known.map(Math.ceil))) };
  const width = axis.high - axis.low > 12 ? 1 : BIN;
  const bins = counted(values, { ...axis, width });
  const shown = [
    ...(model ? [{ look: "kr-model", range: model.package, words: say("model_says", { level: levelWords(page, model.package) }) }] : []),
    ...(zero ? [{ look: "kr-without", range: zero.package, words: say("zero_says", { level: levelWords(page, zero.package) }) }] : []),
    ...(model ? [{ look: "kr-base", range: model.base, words: say("base_says", { level: levelWords(page, model.base) }) }] : []),
  ];
  const room = half === null ? say("guess_none") : num.percent(half);
  const said = model && num.percent(model.package[1]);
  return {
    title: model ? say(room === said ? "guess_title_same" : "guess_title_model", { room, model: said })
      : say("guess_title", { count: values.length, room }),
    lead: question,
    body: [
      histogram({
        bins, axis, answers: shown, tick: percentTick(page), step: axis.high - axis.low > 8 ? 2 : 1,
        middle: half === null ? null : { value: half, words: say("room_middle", { value: room }) },
      }),
      opened && !model && make("p", {}, say("model_silent")),
    ],
    table: {
      title: say("guess_table"), heads: [say("column_guess"), say("column_count")],
      rows: bins.filter((bin) => bin.count).map((bin) =>
        [num.interval(bin.low, bin.high, { kind: "percent" }), String(bin.count)]),
    },
    notes: [say("guess_note"), ...(model ? [say("model_note")] : [])],
  };
}

/** Which levers are tried, and what each does alone. @param {any} page */
export function exploreStage(page) {
  const { say, state, answers, num } = page;
  const rows = tried(state.tries.levers, answers);
  if (!state.reveal.includes("tries")) {
    return { title: say("explore_title"), body: [waitingCount(page, state.tries.people, "waiting_tried")], notes: [say("explore_note")] };
  }
  const most = Math.max(1, ...rows.map((row) => row.people));
  const found = surprising(rows);
  const ends = rows.flatMap((row) => [...(row.change ?? []), ...(row.zero ?? [])]);
  const axis = span([...ends, 0], 0.1);
  const heat = (row) => make("span", { class: "kr-heat", style: `--heat:${row.people / most}` },
    say("people_tried", { count: row.people }));
  const part = (value) => (100 * (value - axis.low)) / (axis.high - axis.low);
  return {
    title: rows[0]?.people ? say("explore_title_opened", { lever: page.lever(rows[0].lever), count: rows[0].people })
      : say("explore_title"),
    body: [make("div", { class: "kr-heatlist" },
      make("div", { class: "kr-heat-row kr-head" }, make("span", {}, say("column_lever")),
        make("span", {}, say("column_tried")), make("span", {}, say("column_alone", { year: page.headlineYear }))),
      rows.map((row) => make("div", { class: "kr-heat-row" },
        make("span", {}, page.lever(row.lever)), heat(row),
        row.change
          ? make("span", { class: "kr-alone" }, make("span", { class: "kr-track", "aria-hidden": "true" },
            make("span", { class: "kr-level", style: `left:${part(0)}%` }),
            row.zero && make("span", { class: "kr-zero", style: `left:${part(row.zero[0])}%;width:${Math.max(0.6, part(row.zero[2]) - part(row.zero[0]))}%` }),
            row.zero && make("span", { class: "kr-zero-middle", style: `left:${part(row.zero[1])}%` }),
            make("span", { class: "kr-bar", style: `left:${part(row.change[0])}%;width:${Math.max(0.6, part(row.change[2]) - part(row.change[0]))}%` }),
            make("span", { class: "kr-middle", style: `left:${part(row.change[1])}%` })),
          make("span", {}, shortRange(page, row.change)))
          : make("span", {}, say("no_model"))))),
    ...[...found.hidden.map((lever) => ["surprise_hidden", lever]), ...found.famous.map((lever) => ["surprise_famous", lever])]
      .slice(0, 2).map(([key, lever]) => make("p", { class: "kr-surprise" }, say(key, { lever: page.lever(lever) })))],
    table: {
      title: say("explore_table"),
      heads: [say("column_lever"), say("column_tried"), say("column_change"), say("column_zero")],
      rows: rows.map((row) => [page.lever(row.lever), String(row.people),
        row.change ? changeWords(page, row.change) : say("no_model"),
        row.zero ? changeWords(page, row.zero) : say("no_model")]),
    },
    notes: [say("alone_note"), say("ranges_note")],
  };
}

/** Numbers of an axis of changes, in percentage points. @param {any} page */
const pointsTick = (page) => (value) => page.num.number(value, { decimals: 1, signed: true });

/** A change in figures with its range, as short as it can be: the axis says percentage points. */
function shortRange({ num, say }, range) {
  const [low, value, high] = range.map((one) => num.number(one, { decimals: 2, signed: true }));
  return low === high ? value : say("short_range", { low, value, high });
}

/** What the packages of the tables change, on one axis. @param {any} page */
export function packagesStage(page) {
  const { say, state, answers, num } = page;
  const sent = state.packages;
  const opened = state.reveal.includes("packages");
  const title = say("packages_title", { count: sent.length, tables: tablesHere(state).length });
  if (!opened || !sent.length) {
    return {
      title,
      body: [tableTiles(page, (table) => say(table.package ? "tile_sent" : "tile_open"), (table) => !table.package)],
      notes: [say("packages_closed_note")],
    };
  }
  const rows = sent.map((one) => ({
    ...one, now: answers.headline(one.levers), zero: answers.headline(one.levers, { effect: false }),
    cost: answers.cost(one.levers),
  })).sort((a, b) => (a.now?.change[1] ?? 99) - (b.now?.change[1] ?? 99));
  const judged = rows.filter((row) => row.now);
  const words = (row) => [
    row.now ? shortRange(page, row.now.change) : say("outside"),
    row.cost === null ? "" : num.rupiah(row.cost, { digits: 2, even: true }),
    row.balanced ? "" : `⚠\u00a0${say("unbalanced")}`,
  ].filter(Boolean).join(" · ");
  const short = rows.filter((row) => !row.balanced).length;
  return {
    title: judged.length
      ? say("packages_title_opened", {
        year: page.headlineYear, base: levelWords(page, judged[0].now.base),
        table: page.table(judged[0].table), change: changeWords(page, judged[0].now.change),
      })
      : title,
    body: [rangeRows({
      axis: page.axis(), step: page.axisStep(), tick: pointsTick(page), line: { value: 0, words: say("zero_line") },
      rows: rows.map((row) => ({
        label: `${page.table(row.table)}: ${row.name}`, tag: row.table, range: row.now?.change ?? null,
        zero: row.zero?.change ?? null, words: words(row), lit: state.highlight === row.table,
        look: row.balanced ? "" : "kr-short",
      })),
    })],
    table: {
      title: say("packages_table", { year: page.headlineYear }), look: "kr-words",
      heads: [say("column_table"), say("column_package"), say("column_change"), say("column_zero"), say("column_cost"), say("column_balance")],
      rows: rows.map((row) => [page.table(row.table), row.name,
        row.now ? changeWords(page, row.now.change) : say("outside"), row.zero ? changeWords(page, row.zero.change) : say("outside"),
        row.cost === null ? say("no_model") : num.rupiah(row.cost, { digits: 2, even: true }), say(row.balanced ? "balanced" : "unbalanced")]),
    },
    notes: [say("packages_note"), say("packages_cost_note"), say("ranges_note"), ...(short ? [say("unbalanced_note", { count: short })] : [])],
  };
}

/** The same packages before and after a shock. @param {any} page */
export function shockStage(page) {
  const { say, state, answers, num } = page;
  if (state.shock === "none") {
    return {
      title: say("shock_title"),
      body: [make("ul", { class: "kr-shocks" }, page.session.shocks.map((name) => make("li", {}, page.shock(name))))],
      notes: [say("shock_note")],
    };
  }
  const shock = page.shock(state.shock);
  if (!state.reveal.includes("shock")) {
    return { title: say("shock_drawn", { shock }), body: [make("p", { class: "kr-large" }, say(`shock_about_${state.shock}`))],
      notes: [say("shock_note")] };
  }
  const rows = ranked(state.packages, answers, state.shock).sort((a, b) => a.rankAfter - b.rankAfter)
    .map((row) => ({ ...row, zero: answers.headline(row.levers, { shock: state.shock, effect: false }) }));
  const bare = answers.headline({}, { shock: state.shock });
  const usual = answers.headline({});
  const move = (row) => {
    const by = row.rank - row.rankAfter;
    return by === 0 ? say("rank_same", { rank: row.rankAfter })
      : say(by > 0 ? "rank_up" : "rank_down", { from: row.rank, to: row.rankAfter });
  };
  const harm = bare && usual ? bare.base[1] - usual.base[1] : 0;
  return {
    title: rows.length ? say("shock_title_opened", { shock, table: page.table(rows[0].table) }) : say("shock_drawn", { shock }),
    body: [
      bare && usual && make("p", {}, say("shock_harm", {
        shock, year: page.headlineYear, change: num.points(harm, { decimals: 2, signed: true }),
        level: levelWords(page, bare.base), usual: levelWords(page, usual.base) })),
      rows.length > 0 && rangeRows({
        axis: page.axis(), step: page.axisStep(), tick: pointsTick(page), line: { value: 0, words: say("zero_line") },
        rows: rows.map((row) => ({
          label: page.table(row.table), tag: row.table, range: row.after.change, zero: row.zero?.change ?? null,
          before: row.before.change[1], words: `${shortRange(page, row.after.change)} · ${move(row)}`,
          lit: state.highlight === row.table,
        })),
      })],
    table: {
      title: say("shock_table", { shock }),
      heads: [say("column_table"), say("column_rank"), say("column_rank_after"), say("column_before"), say("column_after"), say("column_zero")],
      rows: rows.map((row) => [page.table(row.table), String(row.rank), String(row.rankAfter),
        changeWords(page, row.before.change), changeWords(page, row.after.change),
        row.zero ? changeWords(page, row.zero.change) : say("no_model")]),
    },
    notes: [say("shock_ranges_note"), say("rank_note")],
  };
}

/**
 * The last change over the years: from how it goes without it to how it goes with it.
 * @param {any} page @param {{title: () => string, levers: Record<string, number>, shock?: string}} change
 */
export function replayStage(page, change) {
  const { say, num, answers } = page;
  const shock = change.shock ?? "none";
  const answer = answers.of(change.levers, { shock });
  const idle = answers.of(change.levers, { shock, effect: false });
  const title = change.title();
  if (!answer?.inside) return { title, body: [make("p", {}, say("model_silent"))], notes: [] };
  const { base, package: moved } = answer.outcomes.poverty_rate;
  const zero = idle?.inside ? idle.outcomes.poverty_rate.package : null;
  const years = answers.surface.years;
  const last = years.indexOf(answers.surface.headline);
  const axis = span([...base, ...moved, ...(zero ?? [])].flat(), 1);
  // Lines nearer to each other than they are thick cover each other: then words must tell it.
  const covered = (rows, others) => others && rows.every((row, place) =>
    Math.abs(row[1] - others[place][1]) < 0.01 * (axis.high - axis.low));
  const zeroName = !zero ? "" : covered(zero, moved) ? "line_zero_same" : covered(zero, base) ? "line_zero_base" : "line_zero";
  const drawn = twoLines({
    years, base, moved, zero, axis, tick: percentTick(page),
    words: {
      base: say("line_base", { value: num.percent(base[last][1]) }),
      moved: say(covered(moved, base) ? "line_moved_same" : "line_moved", { value: num.percent(moved[last][1]) }),
      zero: zero ? say(zeroName, { value: num.percent(zero[last][1]) }) : "",
    },
  });
  const range = answer.outcomes.poverty_rate.change[last];
  return {
    title: `${title.charAt(0).toUpperCase()}${title.slice(1)}: ${changeWords(page, range)}`,
    body: [drawn.element, answer.worse >= 0.1 && make("p", {}, say("worse", { count: Math.round(10 * answer.worse) }))],
    play: drawn.at,
    table: {
      title: say("replay_table"), heads: [say("column_year"), say("column_without"), say("column_with"), say("column_zero")],
      rows: years.map((year, place) => [String(year), levelWords(page, base[place]), levelWords(page, moved[place]),
        zero ? levelWords(page, zero[place]) : say("no_model")]),
    },
    notes: [say("model_note")],
  };
}
