// What the stage shows of the model and of the room, as plain data. Nothing here touches the page.

/** What the model says of the packages of a room; answers are kept, they are asked for often. */
export class Answers {
  /**
   * @param {Object|null} surface the fitted surface, or null where there is none
   */
  constructor(surface) {
    this.surface = surface;
    this.known = new Map();
  }

  /**
   * Answer one question to the model.
   * @param {Object<string, number>} levers
   * @param {{shock?: string, effect?: boolean, place?: string}} [world]
   * @returns {Object|null} as the surface answers; null without a surface, `inside: false` refused
   */
  of(levers, { shock = "none", effect = true, place = "mpu" } = {}) {
    if (!this.surface) return null;
    const name = JSON.stringify([Object.entries(levers).sort(), shock, effect, place]);
    if (!this.known.has(name)) this.known.set(name, this.surface.answer({ levers, shock, effect, place }));
    return this.known.get(name);
  }

  /**
   * The headline: poverty in the last year with and without a package.
   * @param {Object<string, number>} levers
   * @param {{shock?: string, effect?: boolean, place?: string}} [world]
   * @returns {{base: number[], package: number[], change: number[], worse: number}|null} low, middle
   *   and high in percent (change: percentage points); null where the model cannot say
   */
  headline(levers, world) {
    const answer = this.of(levers, world);
    if (!answer || !answer.inside) return null;
    const outcome = answer.outcomes.poverty_rate;
    const last = this.surface.years.indexOf(this.surface.headline);
    return {
      base: outcome.base[last], package: outcome.package[last], change: outcome.change[last],
      worse: answer.worse,
    };
  }

  /**
   * What a package costs.
   * @param {Object<string, number>} levers
   * @returns {number|null} rupiah per year; null without a surface
   */
  cost(levers) {
    return this.surface ? this.surface.cost({ levers, place: "mpu" }).change : null;
  }
}

/**
 * Count guesses in bins of equal width.
 * @param {number[]} values percent
 * @param {{low: number, high: number, width: number}} scale
 * @returns {Array<{low: number, high: number, count: number}>} what lies outside is in the end bins
 */
export function counted(values, { low, high, width }) {
  const many = Math.max(1, Math.round((high - low) / width));
  const bins = Array.from({ length: many }, (_, place) => ({
    low: low + place * width, high: low + (place + 1) * width, count: 0,
  }));
  for (const value of values) {
    bins[Math.min(many - 1, Math.max(0, Math.floor((value - low) / width + 1e-9)))].count += 1;
  }
  return bins;
}

/**
 * Widths of an axis that holds all values, with round ends.
 * @param {number[]} values
 * @param {number} [step] ends are multiples of it
 * @returns {{low: number, high: number}}
 */
export function span(values, step = 0.5) {
  if (!values.length) return { low: 0, high: step };
  const low = Math.floor(Math.min(...values) / step - 1e-9) * step;
  const high = Math.ceil(Math.max(...values) / step + 1e-9) * step;
  return { low, high: high > low ? high : low + step };
}

/**
 * Order packages by poverty in the last year, with and without a shock.
 * @param {Array<{table: string, levers: Object}>} packages
 * @param {Answers} answers
 * @param {string} shock
 * @param {boolean} [effect]
 * @returns {Array<{table: string, before: Object, after: Object, rank: number, rankAfter: number}>}
 *   best first without the shock; packages the model cannot judge are left out
 */
export function ranked(packages, answers, shock, effect = true) {
  const judged = packages.flatMap((one) => {
    const before = answers.headline(one.levers, { effect });
    const after = answers.headline(one.levers, { shock, effect });
    return before && after ? [{ ...one, before, after }] : [];
  });
  placed(judged, "before", "rank");
  placed(judged, "after", "rankAfter");
  return judged.sort((a, b) => a.rank - b.rank || a.table.localeCompare(b.table));
}

function placed(rows, which, name) {
  // Packages that look the same with two decimals share a place: nobody wins by a rounding.
  const level = (row) => Math.round(row[which].change[1] * 100);
  for (const row of rows) row[name] = 1 + rows.filter((other) => level(other) < level(row)).length;
}

/**
 * Which levers the room tries, and what each of them does alone at its strongest.
 * @param {Object<string, {people: number}>} tries
 * @param {Answers} answers
 * @returns {Array<{lever: string, people: number, change: number[]|null, zero: number[]|null}>}
 *   the most tried first; change and zero are low, middle, high in percentage points
 */
export function tried(tries, answers) {
  const levers = answers.surface ? answers.surface.levers : Object.keys(tries).map((name) => ({ name }));
  return levers.map(({ name, high }) => {
    const alone = high === undefined ? {} : { [name]: high };
    const strong = high === undefined ? null : answers.headline(alone);
    const idle = high === undefined ? null : answers.headline(alone, { effect: false });
    return {
      lever: name, people: tries[name]?.people ?? 0,
      change: strong && strong.change, zero: idle && idle.change,
    };
  }).sort((a, b) => b.people - a.people);
}

/**
 * Find the levers whose effect is unlike their fame.
 * @param {ReturnType<typeof tried>} rows
 * @returns {{famous: string[], hidden: string[]}} much tried and little moved; little tried and much
 *   moved: at most two of each, none before at least three people tried something
 */
export function surprising(rows) {
  const judged = rows.filter((row) => row.change);
  const most = Math.max(0, ...judged.map((row) => row.people));
  const strongest = Math.max(0, ...judged.map((row) => -row.change[1]));
  if (most < 3 || strongest <= 0) return { famous: [], hidden: [] };
  const fame = (row) => row.people / most;
  const force = (row) => -row.change[1] / strongest;
  const names = (found) => found.slice(0, 2).map((row) => row.lever);
  return {
    famous: names(judged.filter((row) => fame(row) >= 0.5 && force(row) <= 0.1)
      .sort((a, b) => fame(b) - fame(a))),
    hidden: names(judged.filter((row) => fame(row) <= 0.25 && force(row) >= 0.3)
      .sort((a, b) => force(b) - force(a))),
  };
}

/**
 * Gather objections and questions by what they say.
 * @param {Array<{table: string, answer: number, phrase?: string, text?: string}>} notes
 * @returns {Array<{answer: number, phrase: string|null, texts: Array<{table: string, text: string}>,
 *   tables: string[]}>} objections first, then what is not understood, then remarks; the most said first
 */
export function gathered(notes) {
  const groups = new Map();
  for (const note of notes) {
    const name = `${note.answer}:${note.phrase ?? ""}`;
    if (!groups.has(name)) {
      groups.set(name, { answer: note.answer, phrase: note.phrase ?? null, texts: [], tables: [], many: 0 });
    }
    const group = groups.get(name);
    group.many += 1;
    if (note.text && !group.texts.some((one) => one.text === note.text && one.table === note.table)) {
      group.texts.push({ table: note.table, text: note.text });
    }
    if (!group.tables.includes(note.table)) group.tables.push(note.table);
  }
  return [...groups.values()].sort((a, b) => a.answer - b.answer || b.many - a.many);
}

/** One axis for all packages under all shocks, so that a shock does not change the scale.
 *  @param {any} page */
export function packagesAxis({ state, answers, session }) {
  const found = state.packages.flatMap(({ levers }) => ["none", ...session.shocks].flatMap((shock) =>
    [answers.headline(levers, { shock }), answers.headline(levers, { shock, effect: false })]
      .flatMap((one) => one?.change ?? [])));
  return span([...found, -0.5, 0], 0.5);
}
