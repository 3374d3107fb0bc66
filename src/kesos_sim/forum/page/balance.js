/** Whether a package is paid for: one rule for phones and for cards on paper. */

/**
 * @typedef {{line: string, rupiah: number|null}} Line a budget line; its size is null where it is
 *   not published
 * @typedef {{change: number, low: number, high: number, lines: Line[],
 *   outside?: import("./outlook.js").Outside}} Cost rupiah a year
 * @typedef {{needed: number, found: number, missing: number, balanced: boolean, lines: Line[],
 *   change: number, low: number, high: number, paid: Record<string, number>,
 *   outside?: import("./outlook.js").Outside}} Balance
 */

/** How far from the cost a package may be and still count as balanced. */
const BALANCE_TOLERANCE = 0.005;
/** Added money below this, rupiah per year, needs no source. */
const SMALL_MONEY = 1e8;

/**
 * What a package costs more a year in a place. Outside of what was sampled there is no cost
 * either, and such a package is never balanced.
 * @param {any} surface @param {Record<string, number>} levers @param {string} place
 * @returns {Cost}
 */
export function costOfPackage(surface, levers, place) {
  const found = surface.cost({ levers, place });
  return found.lines ? found : { change: 0, low: 0, high: 0, lines: [], outside: found };
}

/**
 * What lines can pay of what was taken from them: never more than their size, and nothing from a
 * line whose size is not published.
 * @param {Line[]} lines @param {Record<string, number>} taken rupiah a year by line
 * @returns {Record<string, number>}
 */
export function payableFrom(lines, taken) {
  const paid = lines.map(({ line, rupiah }) => [line, Math.min(taken[line] ?? 0, rupiah ?? 0)]);
  return Object.fromEntries(paid.filter(([, money]) => Number(money) > 0));
}

/** Amounts as shares that add up to one, as a scenario has them.
 *  @param {Record<string, number>} paid @returns {Record<string, number>} */
export function sharesOf(paid) {
  const sum = Object.values(paid).reduce((all, money) => all + money, 0);
  return Object.fromEntries(Object.entries(paid).map(([line, money]) => [line, money / sum]));
}

/**
 * Whether the money that a package needs has been found.
 * @param {Cost} cost @param {Record<string, number>} taken rupiah a year by line
 * @returns {Balance}
 */
export function balanceOf({ change, low, high, lines, outside }, taken) {
  const needed = neededOf(change);
  const paid = payableFrom(lines, taken);
  const found = Object.values(paid).reduce((sum, money) => sum + money, 0);
  const paidFor = needed === 0 || Math.abs(found - needed) <= needed * BALANCE_TOLERANCE;
  const balanced = paidFor && !outside;
  const missing = needed - found;
  return { needed, found, missing, balanced, lines, change, low, high, paid, outside };
}

/** Money that needs a source. @param {number} change rupiah a year */
const neededOf = (change) => (change > SMALL_MONEY ? change : 0);

/**
 * The same for a card on paper, where sources are written as shares of the money.
 * @param {any} surface @param {Record<string, number>} levers @param {string} place
 * @param {Record<string, number>} shares by line, 1 for the whole
 * @returns {Balance}
 */
export function balanceOfShares(surface, levers, place, shares) {
  const where = surface.places.includes(place) ? place : surface.places[0];
  const cost = costOfPackage(surface, levers, where);
  const needed = neededOf(cost.change);
  const taken = Object.entries(shares).map(([line, share]) => [line, share * needed]);
  return balanceOf(cost, Object.fromEntries(taken));
}
