/**
 * What the page asks of the surface: answers kept for a moment, costs, axes that stay the same for
 * a whole session, and whether a package is paid for.
 */

import { balanceOf, costOfPackage, payableFrom, sharesOf } from "./balance.js";
import { axisOf } from "./chart_parts.js";

/**
 * @typedef {[number, number, number]} Range low, middle, high
 * @typedef {{base: Range[], package: Range[], change: Range[]}} Outcome one range per year
 * @typedef {{inside: true, outcomes: Record<string, Outcome>, worse: number}} Inside
 * @typedef {{inside: false, lever: string, value: number, low: number, high: number}} Outside
 * @typedef {{levers: Record<string, number>, shock?: string, effect?: boolean, place: string}} Asked
 */

export const MONEY_LEVERS = ["apbd_poverty_share", "apbn_poverty_share"];
/** What should be there before a lever can do much: any one of the pairs of lever and value. */
export const LEVER_NEEDS = {
  partnership_platform: [["bkkks_standing", 1]],
  interprovince_cooperation: [["bkkks_standing", 1]],
  regulation_outreach: [["bkkks_standing", 1]],
  welfare_bylaw: [
    ["political_dialogue", 1],
    ["regulation_outreach", 0.01],
  ],
  aid_for_earners: [
    ["apbd_poverty_share", 0],
    ["apbn_poverty_share", 0],
  ],
};
const KEPT_ANSWERS = 160;
/** Share of the differences between packages that the surface must explain to speak of them. */
const LEAST_EXPLAINED = 0.2;

/** @param {any} surface @param {{steps: Record<string, number[]>, shocks: string[]}} session */
export function openOutlook(surface, session) {
  /** @type {Map<string, Inside|Outside>} */
  const kept = new Map();
  /** @type {Map<string, {low: number, high: number}>} */
  const axes = new Map();
  /** @type {Map<string, any>} */
  const costs = new Map();
  const headline = surface.years.indexOf(surface.headline);
  const levers = new Map(surface.levers.map((/** @type {any} */ lever) => [lever.name, lever]));
  const outcomes = new Map(surface.outcomes.map((/** @type {any} */ one) => [one.name, one]));

  /** @param {Asked} asked @returns {Inside|Outside} */
  function answer({ levers: set, shock = "none", effect = true, place }) {
    const key = JSON.stringify([Object.entries(set).sort(), shock, effect, place]);
    let found = kept.get(key);
    if (!found) {
      found = /** @type {Inside|Outside} */ (surface.answer({ levers: set, shock, effect, place }));
      if (kept.size >= KEPT_ANSWERS) kept.delete(/** @type {string} */ (kept.keys().next().value));
      kept.set(key, found);
    }
    return found;
  }

  /** Five classes of each tenth of people, which are told of the whole region without a shock only.
   *  @param {Asked} asked @returns {number[][]|null} */
  function tenths({ levers: set, shock = "none", effect = true, place }) {
    if (shock !== "none" || place !== surface.places[0]) return null;
    return surface.tenths({ levers: set, effect }).tenths ?? null;
  }

  /** The ranges of an outcome in the headline year. @param {Inside} of @param {string} name */
  function headlineOf(of, name) {
    const { base, package: moved, change } = of.outcomes[name];
    return { base: base[headline], package: moved[headline], change: change[headline] };
  }

  /** @param {string} name @param {string} place today's setting, null where it is not known */
  function now(name, place) {
    const value = levers.get(name)?.now ?? {};
    return value[place] ?? value[surface.places[0]] ?? null;
  }

  /** A lever's setting, or today's where the package leaves it.
   *  @param {Record<string, number>} set @param {string} name @param {string} place */
  const setting = (set, name, place) => set[name] ?? now(name, place) ?? levers.get(name)?.low ?? 0;

  /** Packages that are as far out as a session can go. @returns {Record<string, number>[]} */
  function corners() {
    const full = Object.fromEntries(
      [...levers.values()].map(({ name, high }) => [name, session.steps[name]?.at(-1) ?? high]),
    );
    const money = Object.fromEntries(
      MONEY_LEVERS.map((name) => [name, levers.get(name)?.high ?? 0]),
    );
    const least = Object.fromEntries(
      MONEY_LEVERS.map((name) => [name, levers.get(name)?.low ?? 0]),
    );
    return [{}, full, money, { ...full, ...least }];
  }

  /**
   * The axis of an outcome in a place; it holds every answer of the session, so that a small
   * effect looks small.
   * @param {string} name @param {string} place @param {"level"|"change"} [kind]
   */
  function axis(name, place, kind = "level") {
    const key = `${name} ${place} ${kind}`;
    const found = axes.get(key);
    if (found) return found;
    const values = [];
    for (const shock of ["none", ...session.shocks]) {
      for (const set of corners()) {
        const one = answer({ levers: set, shock, place });
        if (!one.inside || !one.outcomes[name]) continue;
        const { base, package: moved, change } = one.outcomes[name];
        values.push(...(kind === "change" ? change : [...base, ...moved]).filter(Boolean).flat());
      }
    }
    const made = axisOf(values.length ? values : [0, 1], { zero: kind === "change" });
    if (kind === "level" && Math.min(...values) >= 0) made.low = Math.max(made.low, 0);
    if (kind === "level" && outcomes.get(name)?.unit === "percent")
      made.high = Math.min(made.high, 100);
    axes.set(key, made);
    return made;
  }

  /**
   * What a package costs more a year, and the budget lines that may be cut.
   * @param {Record<string, number>} set @param {string} place
   * @returns {import("./balance.js").Cost}
   */
  function cost(set, place) {
    const key = JSON.stringify([Object.entries(set).sort(), place]);
    let found = costs.get(key);
    if (!found) {
      found = costOfPackage(surface, set, place);
      if (costs.size >= KEPT_ANSWERS)
        costs.delete(/** @type {string} */ (costs.keys().next().value));
      costs.set(key, found);
    }
    return found;
  }

  /** The budgets of a place and its districts together, rupiah a year. @param {string} place
   *  @returns {number} */
  const apbd = (place) => surface.money[place].own.apbd;

  /** What one lever alone costs more a year. @param {string} name @param {number|undefined} value
   *  @param {string} place */
  const costOf = (name, value, place) =>
    value === undefined ? 0 : cost({ [name]: value }, place).change;

  /** The largest cost that a package of this session can have, for an axis. @param {string} place */
  const largestCost = (place) => Math.max(1, ...corners().map((set) => cost(set, place).change));

  /**
   * Whether the money that a package needs has been found.
   * @param {Record<string, number>} set @param {Record<string, number>} taken @param {string} place
   */
  const balance = (set, taken, place) => balanceOf(cost(set, place), taken);

  /** Sources as shares that add up to one, as a scenario has them.
   *  @param {Record<string, number>} taken @param {string} place
   *  @returns {Record<string, number>} */
  const shares = (taken, place) => sharesOf(payableFrom(cost({}, place).lines, taken));

  /** Whether a package rests on what coordination does, which nobody has measured here.
   *  @param {Record<string, number>} set */
  const coordinated = (set) => Object.keys(set).some((name) => levers.get(name)?.rests);

  return {
    surface,
    headline,
    levers,
    outcomes,
    answer,
    tenths,
    headlineOf,
    now,
    setting,
    axis,
    cost,
    apbd,
    costOf,
    largestCost,
    balance,
    shares,
    coordinated,
    has: (/** @type {string} */ name) => outcomes.has(name),
    /** Whether the surface can tell packages apart in an outcome. @param {string} name */
    tells: (name) => (surface.errors[name]?.r2 ?? 1) >= LEAST_EXPLAINED,
  };
}
