/** A family that somebody describes, and the typical family that is most like it. */

import { choice, slider } from "../controls.js";
import { button, make, show, write } from "../dom.js";

/** @typedef {import("../app.js").App} App */

/** How much a trait weighs in the search for the nearest family. */
const TRAIT_WEIGHTS = {
  size: 0.4,
  children: 0.6,
  elderly: 0.8,
  disabled: 1.5,
  rural: 0.8,
  earners: 0.6,
  fit: 0.8,
  listed: 1.5,
  poor: 1,
};
/** The family that the form describes before anybody has changed it. */
const DESCRIBED = {
  size: 4,
  children: 2,
  elderly: 0,
  disabled: false,
  earners: 2,
  rural: true,
  fit: true,
  poor: true,
  listed: false,
};

/** @typedef {Record<string, number|boolean>} Traits of a family */

/**
 * The typical family that is most like the one described, and in which traits it is and is not.
 * @template {{traits: Traits}} Family
 * @param {Family[]} families at least one @param {Traits} wanted
 */
export function nearestFamily(families, wanted) {
  const traits = /** @type {(keyof typeof TRAIT_WEIGHTS)[]} */ (Object.keys(TRAIT_WEIGHTS));
  const apart = (/** @type {keyof typeof TRAIT_WEIGHTS} */ name, /** @type {Traits} */ of) =>
    TRAIT_WEIGHTS[name] * Math.abs(Number(wanted[name]) - Number(of[name]));
  const distance = (/** @type {Family} */ { traits: of }) =>
    traits.reduce((sum, name) => sum + apart(name, of), 0);
  const family = families.reduce((best, one) => (distance(one) < distance(best) ? one : best));
  const same = traits.filter((name) => wanted[name] === family.traits[name]);
  return { family, same, other: traits.filter((name) => !same.includes(name)) };
}

/** A trait of a family in a few words. @param {App} app @param {string} name @param {any} value */
const traitWords = ({ say }, name, value) =>
  typeof value === "number" ? say(`has_${name}`, { count: value }) : say(`has_${name}_${value}`);

/**
 * Which family was found, and in what it is and is not like the one described.
 * @param {App} app @param {ReturnType<typeof nearestFamily<any>>} found @param {Traits} wanted
 */
export function comparison(app, { family, same, other }, wanted) {
  const { say } = app;
  const words = (/** @type {string} */ name, /** @type {Traits} */ of) =>
    traitWords(app, name, of[name]);
  return [
    make("p", {}, app.rich("family_nearest", { family: family.title[app.lang] })),
    make(
      "p",
      {},
      other.length
        ? say("family_same", { traits: same.map((name) => words(name, wanted)).join(", ") || "–" })
        : say("family_all_same"),
    ),
    other.length
      ? [
          make("p", {}, say("family_other")),
          make(
            "ul",
            {},
            other.map((name) =>
              make(
                "li",
                {},
                app.rich("family_differs", {
                  wanted: words(name, wanted),
                  found: words(name, family.traits),
                }),
              ),
            ),
          ),
        ]
      : null,
  ];
}

/** The form that describes a family. @param {App} app */
export function buildForm(app) {
  const { say, store } = app;
  const { built } = store.state.work;
  /** @type {typeof DESCRIBED} */
  const wanted = { ...DESCRIBED, ...(built?.size ? built : {}) };
  const count = (
    /** @type {"size"|"children"|"elderly"|"earners"} */ name,
    /** @type {number} */ low,
    /** @type {number} */ high,
  ) =>
    slider({
      label: say(`trait_${name}`),
      low,
      high,
      step: 1,
      value: wanted[name],
      written: String,
      sentence: (value) => say("trait_people", { count: value }),
      parse: app.numbers.parse,
      less: say("less", { of: say(`trait_${name}`) }),
      more: say("more", { of: say(`trait_${name}`) }),
      typed: say("typed", { of: say(`trait_${name}`) }),
      wrong: (from, to) => say("wrong_number", { low: from, high: to }),
      change: (value) => (wanted[name] = value),
    }).element;
  const which = (/** @type {"rural"|"listed"|"poor"|"disabled"|"fit"} */ name) =>
    choice({
      label: say(`trait_${name}`),
      value: String(wanted[name]),
      options: ["true", "false"].map((value) => ({ value, label: say(`trait_${name}_${value}`) })),
      change: (value) => (wanted[name] = value === "true"),
    }).element;
  const problem = make("p", { class: "kf-problem", role: "alert", hidden: true });
  function find() {
    // Nobody is a child, old and of working age at once.
    const told = wanted.children + wanted.elderly + wanted.earners;
    const impossible = told > wanted.size;
    write(problem, impossible ? say("family_too_many", { told, size: wanted.size }) : "");
    show(problem, impossible);
    if (!impossible) store.change((work) => (work.built = { ...wanted }));
  }
  const element = make(
    "div",
    { class: "kf-stack" },
    make("p", { class: "kf-quiet" }, say("family_build_note")),
    count("size", 1, 12),
    count("children", 0, 8),
    count("elderly", 0, 4),
    count("earners", 0, 8),
    make("p", { class: "kf-quiet" }, say("trait_earners_note")),
    which("disabled"),
    which("rural"),
    which("fit"),
    which("poor"),
    which("listed"),
    button(say("family_find"), find, { class: "kf-button kf-primary" }),
    problem,
  );
  return { element };
}
