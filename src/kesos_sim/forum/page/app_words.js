/** Places, money, levers and the model itself in words of one language. */

import { make } from "./dom.js";

/**
 * @param {{boot: any, session: any, surface: any, store: any, texts: any, numbers: any,
 *   words: any, lang: string}} given
 */
export function appWords({ boot, session, surface, store, texts, numbers, words, lang }) {
  const { say } = texts;
  return {
    placeName: (/** @type {string} */ code) =>
      texts.has(`place_${code}`) ? say(`place_${code}`) : code,
    tableName: (/** @type {string} */ code) =>
      session.tables.find((/** @type {any} */ one) => one.code === code)?.name[lang] ?? code,
    homePlace: () =>
      store.state.work.place === surface.places[0]
        ? (store.state.province ?? surface.places[1])
        : store.state.work.place,
    /** The end of a title that says under which shock its figures are. @param {string} shock */
    withShock: (shock) =>
      shock === "none" ? "" : say("with_shock", { shock: say(`shock_${shock}`) }),
    lineName: (/** @type {string} */ line) =>
      texts.has(`line_${line}`) ? say(`line_${line}`) : line,
    leverState: (/** @type {string} */ name, /** @type {number|undefined} */ value) =>
      value === undefined ? say("lever_as_now") : words.leverValue(name, value),
    /** What the visitor's own package says about a lever.
     *  @param {string} name @param {{levers: Record<string, number>, kept: string[]}} work */
    leverOpinion: (name, { levers, kept }) =>
      name in levers
        ? words.leverValue(name, levers[name])
        : say(kept.includes(name) ? "lever_kept_state" : "lever_no_opinion"),
    /** What a lever alone costs, or why that cannot be said.
     *  @param {import("./balance.js").Cost} cost */
    costLine({ change: money, outside }) {
      if (outside) return this.outsideText(outside);
      if (Math.abs(money) < 5e7) return say("cost_none");
      return say(money > 0 ? "cost_more" : "cost_less", {
        money: numbers.rupiah(Math.abs(money), { digits: 2 }),
      });
    },
    /** Rupiah as a person types them: digits, or with a scale word. @param {string} text */
    parseMoney(text) {
      const scales = ["thousand", "million", "billion", "trillion"];
      const at = scales.findIndex((scale) =>
        text.toLowerCase().includes(boot.formats[lang][scale]),
      );
      const found = numbers.parse(
        at < 0
          ? text
          : text.toLowerCase().replace(boot.formats[lang][scales[at]], "").replace("rp", ""),
      );
      return found === null ? null : found * 1000 ** (at + 1);
    },
    outsideText: ({ lever, value, low, high }) =>
      say("outside", {
        lever: words.leverName(lever),
        // A step that does not exist has no name.
        value: texts.has(`step_${lever}_${high}`)
          ? numbers.number(value)
          : words.leverValue(lever, value),
        low: words.leverValue(lever, low),
        high: words.leverValue(lever, high),
      }),
    /** How far the quick answer is off: an error of the change, not of the level. */
    errorText() {
      const error = surface.errors.poverty_rate;
      const { place } = store.state.work;
      return say("error_text", {
        year: surface.headline,
        place: texts.has(`place_${place}`) ? say(`place_${place}`) : place,
        own: numbers.points(error.places[surface.places.indexOf(place)], { decimals: 2 }),
        mae: numbers.points(error.mae, { decimals: 2 }),
        worst: numbers.points(error.worst, { decimals: 2 }),
        coverage: numbers.percent(100 * error.coverage, { decimals: 0 }),
      });
    },
    /** That the quick answers are older than the model, or nothing. @returns {string} */
    staleText: () => boot.stale[lang],
    /** What a figure that is high by itself measures, and why it is high. @param {string} name */
    about: (name) =>
      texts.has(`about_${name}`) &&
      make("p", { class: "kf-quiet kf-about" }, say(`about_${name}`)),
    madeText: () =>
      say("made_text", {
        version: surface.made.version,
        vintage: numbers.monthName(surface.made.vintage),
        seed: String(surface.made.seed),
        households: numbers.number(surface.made.households),
        runs: numbers.number(surface.made.runs),
        code: surface.made.code.slice(0, 12),
        data: surface.made.data.slice(0, 12),
        on: numbers.date(surface.made.on),
      }),
    glossary: () => boot.glossary[lang],
  };
}
