/** A package as words, as a link and as a scenario file. */

import { settingWriter } from "./setting.js";

const LINK_MARK = "#paket=";
/** Month from which a package acts, and months over which levers are phased in; as the surface. */
const ACTS_FROM = "2027-01";
const RAMP_MONTHS = {
  apbd_poverty_share: 36,
  apbn_poverty_share: 36,
  bkkks_standing: 24,
  partnership_platform: 36,
  social_obligation: 36,
};

/**
 * @param {any} texts @param {any} numbers
 */
export function packageWords(texts, numbers) {
  const { say } = texts;
  const leverValue = settingWriter(texts, numbers);

  const leverName = (/** @type {string} */ name) => say(`lever_short_${name}`);

  /** @param {Record<string, number>} levers @param {string[]} kept @returns {string[]} */
  const packageLines = (levers, kept) => [
    ...Object.entries(levers).map(([name, value]) =>
      say("package_line", { lever: leverName(name), value: leverValue(name, value) }),
    ),
    ...kept.map((name) =>
      say("package_line", { lever: leverName(name), value: say("lever_kept_state") }),
    ),
  ];

  return { leverValue, leverName, packageLines };
}

/** @param {unknown} text @returns {string} */
function encoded(text) {
  const bytes = new TextEncoder().encode(JSON.stringify(text));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

/**
 * The levers of a table's package of which it said that they stay as they are: those that it neither
 * moves nor has no opinion on.
 * @param {Iterable<string>} names all levers @param {{levers: Record<string, number>, silent: string[]}} sent
 */
export const keptOf = (names, { levers, silent }) =>
  [...names].filter((name) => !(name in levers || silent.includes(name)));

/** The page's address with a package in it.
 *  @param {{levers: Record<string, number>, kept: string[], taken: Record<string, number>}} work
 *  @returns {string} */
export function linkOf({ levers, kept, taken }) {
  const rounded = Object.fromEntries(
    Object.entries(taken).map(([line, money]) => [line, Math.round(money / 1e6)]),
  );
  return location.href.split("#")[0] + LINK_MARK + encoded([levers, rounded, kept]);
}

/**
 * The package of the page's address; undefined without one, null where it cannot be read: the link
 * may come from anybody. A setting that was not sampled stays in it and is refused with words.
 * @param {any} outlook @param {string[]} lines known budget lines
 * @returns {import("./store.js").Package|null|undefined}
 */
export function packageInLink(outlook, lines) {
  if (!location.hash.startsWith(LINK_MARK)) return undefined;
  try {
    const plain = location.hash.slice(LINK_MARK.length).replaceAll("-", "+").replaceAll("_", "/");
    const [levers, taken, kept] = JSON.parse(
      new TextDecoder().decode(Uint8Array.from(atob(plain), (one) => one.charCodeAt(0))),
    );
    const isNumber = (/** @type {unknown} */ value) =>
      typeof value === "number" && Number.isFinite(value);
    if (!Object.entries(levers).every(([name, value]) => outlook.levers.has(name) && isNumber(value)))
      return null;
    const money = Object.entries(taken ?? {}).filter(
      ([line, value]) => lines.includes(line) && isNumber(value) && value > 0,
    );
    return {
      levers: Object.fromEntries(Object.entries(levers)),
      // A link of an older page says nothing about them.
      kept: [...outlook.levers.keys()].filter(
        (name) => Array.isArray(kept) && kept.includes(name) && !(name in levers),
      ),
      taken: Object.fromEntries(money.map(([line, value]) => [line, Number(value) * 1e6])),
    };
  } catch {
    return null; // cut off on its way, or not from this page
  }
}

/**
 * The package as a scenario file, for `kesos compare`.
 * @param {{id: string, en: string}} title @param {Record<string, number>} levers
 * @param {Record<string, number>} sources shares that add up to one
 */
export function scenarioText(title, levers, sources) {
  const lines = [
    "schema: 1",
    "name: paket-forum",
    `title: {id: ${JSON.stringify(title.id)}, en: ${JSON.stringify(title.en)}}`,
    "extends: baseline.yaml",
  ];
  if (Object.keys(levers).length) lines.push("levers:");
  for (const [name, value] of Object.entries(levers)) {
    const ramp = RAMP_MONTHS[name] ? `, ramp_months: ${RAMP_MONTHS[name]}` : "";
    lines.push(`  ${name}: {value: ${value}, from: ${ACTS_FROM}${ramp}}`);
  }
  const parts = Object.entries(sources);
  if (parts.length) {
    lines.push("funding_sources:");
    // The last share is what is left, so that rounding does not break the sum.
    let left = 1;
    parts.forEach(([line, share], at) => {
      const part = at === parts.length - 1 ? left : Math.round(share * 1e4) / 1e4;
      left -= part;
      lines.push(`  ${line}: ${Number(part.toFixed(4))}`);
    });
  }
  return lines.join("\n") + "\n";
}
