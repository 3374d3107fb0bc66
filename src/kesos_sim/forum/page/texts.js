/** Texts of the page: messages with fields, bold parts and terms that explain themselves. */

import { make } from "./dom.js";

/**
 * @typedef {Record<string, unknown>} Fields
 * @typedef {ReturnType<typeof textsOf>} Texts
 */

const FIELD = /\{(\w+)\}/g;
const MARKED = /\*\*(.+?)\*\*|\[\[(.+?)\]\]/g;

/**
 * The messages of one language.
 * @param {Record<string, string>} messages by key
 * @param {(term: string) => void} [explain] opens the glossary at a term
 */
export function textsOf(messages, explain) {
  /** Whether there is such a message. @param {string} key */
  const has = (key) => Object.hasOwn(messages, key);

  /** @param {string} key @returns {string} */
  function template(key) {
    if (!has(key)) throw new Error(`no message ${key}`);
    return messages[key];
  }

  /** @param {string} text @param {Fields} fields @returns {string} */
  const filled = (text, fields) =>
    text.replace(FIELD, (_, name) => {
      if (!Object.hasOwn(fields, name)) throw new Error(`field ${name} is missing in: ${text}`);
      return String(fields[name]);
    });

  /** The key of a message about one thing, where there is one, else the key.
   *  @param {string} key @param {Fields} fields */
  const counted = (key, { count }) =>
    (count === 1 || count === "1") && has(`${key}_one`) ? `${key}_one` : key;

  /** A message as plain text. @param {string} key @param {Fields} [fields] @returns {string} */
  const say = (key, fields = {}) =>
    filled(
      template(counted(key, fields)).replace(MARKED, (_, bold, term) => bold ?? term),
      fields,
    );

  /**
   * A message as nodes: `**bold**` and `[[term]]` of the template, never of the fields.
   * @param {string} key @param {Fields} [fields] @returns {(Node|string)[]}
   */
  function rich(key, fields = {}) {
    const text = template(counted(key, fields));
    const nodes = [];
    let end = 0;
    for (const match of text.matchAll(MARKED)) {
      nodes.push(...unbroken(filled(text.slice(end, match.index), fields)));
      const [whole, bold, term] = match;
      if (bold) nodes.push(make("strong", {}, filled(bold, fields)));
      else if (explain) nodes.push(termButton(term, explain));
      else nodes.push(term);
      end = match.index + whole.length;
    }
    nodes.push(...unbroken(filled(text.slice(end), fields)));
    return nodes.filter(Boolean);
  }

  return { say, rich, has };
}

/** @param {string} term @param {(term: string) => void} explain */
function termButton(term, explain) {
  return make("button", { type: "button", class: "kf-term", click: () => explain(term) }, term);
}
