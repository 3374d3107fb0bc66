/** The outcome sentences: computed, always with a range, always one of falls, rises, hardly moves. */

import { tickDecimals } from "./chart_parts.js";

/**
 * @typedef {import("./outlook.js").Range} Range
 * @typedef {{key: string, fields: Record<string, string>}} Sentence
 */

/** Smallest change that counts as one, by unit. */
const HARDLY = { percent: 0.05, points: 0.05, days: 0.5, people: 500, rupiah: 100, number: 0.001 };
const UNSURE = 0.2;
/** From so many of a hundred people on it is said who loses. */
const LEAST_LOSING = 1;
const BILLION = 1e9;
/** Outcomes of services with a sentence of their own. */
const SERVICES = ["exclusion_error", "duplicate_service_rate", "days_to_service"];

/**
 * Which way a change goes.
 * @param {Range} change @param {number} hardly @returns {"down"|"up"|"flat"|"unsure"}
 */
export function directionOf([low, mid, high], hardly) {
  if (Math.abs(mid) < hardly && Math.max(Math.abs(low), Math.abs(high)) < 4 * hardly) return "flat";
  if (low < -hardly / 5 && high > hardly / 5) return Math.abs(mid) < hardly ? "flat" : "unsure";
  if (Math.abs(mid) < hardly) return "flat";
  return mid < 0 ? "down" : "up";
}

/** @param {string} unit @returns {number} */
export function hardlyOf(unit) {
  return HARDLY[unit] ?? 0;
}

/**
 * A value of an outcome in words.
 * @param {any} numbers @param {{unit: string, decimals: number}} outcome @param {number} value
 */
export function outcomeValue(numbers, { unit, decimals }, value) {
  if (unit === "percent") return numbers.percent(value, { decimals: Math.min(decimals, 1) });
  if (unit === "points") return numbers.points(value, { decimals: Math.min(decimals, 1) });
  if (unit === "rupiah") return numbers.rupiah(value, { digits: 3 });
  if (unit === "people") return numbers.people(value);
  return numbers.number(value, { decimals });
}

/** What writes the values of an axis of an outcome, with as many decimals as its steps need.
 *  @param {any} numbers @param {{unit: string}} outcome @param {{low: number, high: number}} axis
 *  @returns {(value: number) => string} */
export function outcomeTick(numbers, { unit }, axis) {
  const decimals = tickDecimals(axis);
  if (unit === "percent" || unit === "points")
    return (value) => numbers.percent(value, { decimals });
  if (unit === "rupiah") return (value) => numbers.rupiah(value, { digits: 2 });
  if (unit === "people") return (value) => numbers.short(value);
  return (value) => numbers.number(value, { decimals });
}

/** @param {any} numbers @param {{unit: string, decimals: number}} outcome @param {Range} range */
export function outcomeRange(numbers, { unit, decimals }, [low, , high]) {
  const kinds = { percent: "percent", points: "points", rupiah: "rupiah", people: "people" };
  const kind = kinds[unit] ?? "number";
  const places = kind === "percent" || kind === "points" ? Math.min(decimals, 1) : decimals;
  return numbers.interval(low, high, { kind, decimals: places });
}

/**
 * What a package does, first sentence first.
 * @param {object} asked
 * @param {any} asked.outlook
 * @param {any} asked.numbers
 * @param {(key: string, fields?: Record<string, string>) => string} asked.say
 * @param {(name: string) => string} asked.lineName name of a budget line
 * @param {(code: string) => string} asked.placeName
 * @param {Record<string, number>} asked.levers
 * @param {Record<string, number>} asked.taken
 * @param {string} asked.place
 * @param {string} asked.shock
 * @returns {Sentence[]}
 */
export function resultSentences({
  outlook,
  numbers,
  say,
  lineName,
  placeName,
  levers,
  taken,
  place,
  shock,
}) {
  const answer = outlook.answer({ levers, shock, place });
  if (!answer.inside) return [];
  const year = String(outlook.surface.headline);
  const { percent, people, points, interval } = numbers;
  // Nobody has measured what coordination does: beside a claim on it stands the case of nothing.
  const idle = outlook.coordinated(levers)
    ? outlook.answer({ levers, shock, place, effect: false })
    : null;
  /** @type {Sentence[]} */
  const said = [];
  const poverty = outlook.headlineOf(answer, "poverty_rate");
  const none = idle && outlook.headlineOf(idle, "poverty_rate");
  const where = { year, place: placeName(place) };
  said.push({
    key: shock === "none" ? "say_level" : "say_level_shock",
    fields: {
      ...where,
      shock: shock === "none" ? "" : say(`shock_${shock}`),
      value: percent(poverty.package[1]),
      range: interval(poverty.package[0], poverty.package[2]),
      idle: idleTail(say, none?.package, percent, interval),
      base: percent(poverty.base[1]),
    },
  });
  if (!Object.keys(levers).length) {
    said.push({ key: "say_no_package", fields: {} });
    return said;
  }
  const way = directionOf(poverty.change, HARDLY.points);
  /** The word says the sign, for the range and for the case of nothing as well.
   *  @param {Range} of @returns {Range} */
  const told = (of) => (way === "down" ? [-of[2], -of[1], -of[0]] : of);
  const spread = (/** @type {number} */ low, /** @type {number} */ high) =>
    interval(low, high, { kind: "points", decimals: 2 });
  // As on the wall and in the agreement.
  const fine = (/** @type {number} */ value) => points(value, { decimals: 2 });
  const change = told(poverty.change);
  said.push({
    key: `say_change_${way}`,
    fields: {
      value: fine(change[1]),
      range: spread(change[0], change[2]),
      idle: idleTail(say, none && told(none.change), fine, spread),
    },
  });
  const poorOf = (/** @type {any} */ of) =>
    of && outlook.has("poor_people") ? told(outlook.headlineOf(of, "poor_people").change) : null;
  const [poor, poorNone] = [poorOf(answer), poorOf(idle)];
  if (poor && (way === "down" || way === "up")) {
    const many = (/** @type {number} */ low, /** @type {number} */ high) =>
      interval(low, high, { kind: "people" });
    said.push({
      key: way === "down" ? "say_people_fewer" : "say_people_more",
      fields: {
        people: people(poor[1]),
        range: many(poor[0], poor[2]),
        idle: idleTail(say, poorNone, people, many),
      },
    });
  }
  said.push(
    ...moneySentences({
      outlook,
      numbers,
      say,
      lineName,
      placeName,
      levers,
      taken,
      place,
      way,
      poor,
      poorNone,
      idle,
    }),
  );
  said.push(...serviceSentences(outlook, numbers, answer, idle, say));
  said.push(...whoSentences(outlook, numbers, answer, idle, say));
  if (answer.worse > UNSURE && way !== "up") {
    said.push({ key: "say_weak", fields: { worse: String(Math.round(answer.worse * 10)) } });
  }
  return said;
}

/** Whether the surface has an outcome and can tell packages apart in it.
 *  @param {any} outlook @param {string} name */
const tellable = (outlook, name) => outlook.has(name) && outlook.tells(name);

/** Says that the surface cannot tell packages apart in an outcome.
 *  @param {string} name @param {(key: string) => string} say @returns {Sentence} */
export function untold(name, say) {
  return { key: "say_untold", fields: { outcome: say(`told_${name}`) } };
}

/**
 * The end of a sentence that says how it is where coordination does nothing.
 * @param {(key: string, fields?: Record<string, string>) => string} say
 * @param {Range|null|undefined} of nothing where nothing is claimed of coordination
 * @param {(value: number) => string} value writes the middle
 * @param {(low: number, high: number) => string} range writes the ends
 */
export const idleTail = (say, of, value, range) =>
  of ? say("say_idle_tail", { value: value(of[1]), range: range(of[0], of[2]) }) : "";

/** @param {any} asked @returns {Sentence[]} */
function moneySentences(asked) {
  const { outlook, numbers, say, lineName, placeName, levers, taken, place, way, poor, poorNone } =
    asked;
  // What is paid does not depend on the shock that is looked at.
  const none = asked.idle && outlook.answer({ levers, place, effect: false }).outcomes.budget_spent;
  const { change, low, high, needed, missing, balanced, lines, paid } = outlook.balance(levers, taken, place);
  const { number, rupiah, interval } = numbers;
  const amount = (/** @type {number} */ value) => rupiah(value, { digits: 2, even: true });
  const ends = (/** @type {number} */ from, /** @type {number} */ to) =>
    interval(from, to, { kind: "rupiah", even: true });
  const less = change < -needed - BILLION / 10;
  const turned = (/** @type {Range} */ of) =>
    less ? /** @type {Range} */ ([-of[2], -of[1], -of[0]]) : of;
  const idle = idleTail(say, none && turned(none.change.at(-1)), amount, ends);
  if (less) {
    return [{ key: "say_cost_less", fields: { cost: amount(-change), range: ends(-high, -low), idle } }];
  }
  if (!needed) return [{ key: "say_cost_none", fields: {} }];
  const from = lines
    .filter(({ line }) => paid[line] > 0)
    .map(({ line }) => `${lineName(line)} (${amount(paid[line])})`);
  const budget = outlook.apbd(place);
  const share = numbers.percent((100 * change) / budget, { decimals: 1 });
  const told = {
    cost: amount(change),
    range: ends(low, high),
    idle,
    share,
    place: placeName(place),
    apbd: rupiah(budget, { digits: 2 }),
  };
  /** @type {Sentence[]} */
  const said = [
    from.length
      ? { key: "say_cost_from", fields: { ...told, lines: from.join(", ") } }
      : { key: "say_cost", fields: told },
  ];
  if (from.length && !balanced) {
    const open = amount(Math.abs(missing));
    said.push(
      missing > 0
        ? { key: "say_cost_missing", fields: { missing: open } }
        : { key: "say_cost_over", fields: { over: open } },
    );
  }
  if (way === "down" && poor) {
    const each = (/** @type {Range} */ of) =>
      /** @type {Range} */ (of.map((people) => people / (change / BILLION)));
    const [few, middle, many] = each(poor);
    const decimals = middle < 10 ? 1 : 0;
    const write = (/** @type {number} */ of) => number(of, { decimals });
    const spread = (/** @type {number} */ from, /** @type {number} */ to) =>
      interval(from, to, { kind: "number", decimals });
    said.push({
      key: "say_per_billion",
      fields: {
        people: write(middle),
        range: spread(few, many),
        idle: idleTail(say, poorNone && each(poorNone), write, spread),
      },
    });
  }
  return said;
}

/**
 * @param {any} outlook @param {any} numbers @param {any} answer
 * @param {any} idle the answer where coordination does nothing; null where nothing is claimed of it
 * @param {(key: string, fields?: Record<string, string>) => string} say
 * @returns {Sentence[]}
 */
function serviceSentences(outlook, numbers, answer, idle, say) {
  /** @type {Sentence[]} */
  const said = [];

  /**
   * @param {string} name @param {string} key @param {string} field
   * @param {(of: Range) => Range} count what is counted, low first
   * @param {(most: number) => number} decimalsOf
   */
  function claim(name, key, field, count, decimalsOf) {
    if (!tellable(outlook, name)) return;
    const { base, package: moved } = outlook.headlineOf(answer, name);
    const [low, middle, high] = count(moved);
    const decimals = decimalsOf(Math.max(base[1], moved[1]));
    const value = (/** @type {number} */ of) => numbers.number(of, { decimals });
    const range = (/** @type {number} */ from, /** @type {number} */ to) =>
      numbers.interval(from, to, { kind: "number", decimals });
    const none = idle && count(outlook.headlineOf(idle, name).package);
    said.push({
      key,
      fields: {
        [field]: value(middle),
        range: range(low, high),
        base: value(count(base)[1]),
        idle: idleTail(say, none, value, range),
      },
    });
  }

  const same = (/** @type {Range} */ of) => of;
  const reached = (/** @type {Range} */ [low, mid, high]) =>
    /** @type {Range} */ ([100 - high, 100 - mid, 100 - low]);
  claim("exclusion_error", "say_reached", "reached", reached, () => 0);
  claim("duplicate_service_rate", "say_doubled", "doubled", same, (most) => (most < 10 ? 1 : 0));
  claim("days_to_service", "say_days", "days", same, () => 0);
  for (const name of SERVICES) {
    if (outlook.has(name) && !outlook.tells(name)) said.push(untold(name, say));
  }
  return said;
}

/** @param {any} outlook @param {any} numbers @param {any} answer
 *  @param {any} idle the answer where coordination does nothing; null where nothing is claimed of it
 *  @param {(key: string, fields?: Record<string, string>) => string} say @returns {Sentence[]} */
function whoSentences(outlook, numbers, answer, idle, say) {
  const and = ` ${say("and")} `;
  /** @type {Sentence[]} */
  const said = [];
  const gains = decileGains(outlook, answer).filter(({ change }) => change[1] > HARDLY.rupiah);
  if (gains.length) {
    const most = gains
      .sort((a, b) => b.share - a.share)
      .slice(0, 2)
      .map(({ decile }) => decile);
    said.push({ key: "say_deciles", fields: { deciles: most.sort((a, b) => a - b).join(and) } });
  }
  if (outlook.has("people_losing") && outlook.has("people_gaining")) {
    const flow = (/** @type {any} */ of, /** @type {string} */ name) =>
      of && outlook.headlineOf(of, name).package.map((/** @type {number} */ one) => Math.max(one, 0));
    const value = (/** @type {number} */ of) => numbers.number(of, { decimals: 0 });
    const range = (/** @type {number} */ low, /** @type {number} */ high) =>
      numbers.interval(low, high, { kind: "number", decimals: 0 });
    const [gaining, losing] = [flow(answer, "people_gaining"), flow(answer, "people_losing")];
    said.push({
      key: "say_winners",
      fields: {
        gaining: value(gaining[1]),
        gaining_range: range(gaining[0], gaining[2]),
        gaining_idle: idleTail(say, flow(idle, "people_gaining"), value, range),
        losing: value(losing[1]),
        losing_range: range(losing[0], losing[2]),
        losing_idle: idleTail(say, flow(idle, "people_losing"), value, range),
      },
    });
    if (losing[1] >= LEAST_LOSING) said.push(losersSentence(outlook, answer, and));
  }
  return said;
}

/** Who has less: the deciles that lose on average, else that no decile does.
 *  @param {any} outlook @param {any} answer @param {string} and @returns {Sentence} */
function losersSentence(outlook, answer, and) {
  const most = decileGains(outlook, answer)
    .filter(({ change }) => change[1] < -HARDLY.rupiah)
    .sort((a, b) => a.share - b.share)
    .slice(0, 2)
    .map(({ decile }) => decile);
  return most.length
    ? { key: "say_losers", fields: { deciles: most.sort((a, b) => a - b).join(and) } }
    : { key: "say_losers_spread", fields: {} };
}

/**
 * What each decile gains, rupiah per person and month, and as a share of what it has.
 * @param {any} outlook @param {any} answer
 * @returns {{decile: number, change: Range, share: number}[]}
 */
export function decileGains(outlook, answer) {
  const found = [];
  for (let decile = 1; decile <= 10; decile += 1) {
    const name = `decile_mean_${decile}`;
    if (!outlook.has(name)) continue;
    const { base, change } = outlook.headlineOf(answer, name);
    found.push({ decile, change, share: (100 * change[1]) / base[1] });
  }
  return found;
}
