/** The stage while people come in, follow a family, and leave: address, tables, families, wall. */

import { make } from "../dom.js";
import { FIRST_KIND } from "../first_kind.js";
import { addressCode } from "./drawings.js";

/** Tables at which somebody sits or that sent cards on paper, as those that count for an agreement;
 *  all where there is none yet. @param {any} state */
export function tablesHere({ tables }) {
  const here = tables.filter((table) => table.joined > 0 || table.cards > 0);
  return here.length ? here : tables;
}

/** Who is at a table: people with a page, or cards on paper.
 *  @param {any} page @param {any} table @param {string} joined @returns {string} */
export const peopleWords = ({ say }, table, joined = String(table.joined)) =>
  (!table.joined && table.cards ? say("side_cards", { count: table.cards }) : joined);

/** Sentences that fit on the wall at once. */
export const ON_WALL = 9;
const REASONS = [1, 2, 3, 4, 5];
const LIMITS = [1, 2, 3];

/** Joining: the address as a code and in letters, and who is there already. @param {any} page */
export function openingStage(page) {
  const { say, state, boot } = page;
  const count = state.tables.reduce((sum, table) => sum + table.joined, 0);
  const address = boot.join.address;
  const here = state.tables.filter((table) => table.joined).length;
  const about = state.reveal.includes("about");
  return {
    title: count ? say("opening_title", { count, tables: here }) : say("opening_title_none"),
    body: [
      make("div", { class: "kr-join" },
        address
          ? make("div", { class: "kr-address" }, addressCode(boot.join.code, say("qr_name", { address })),
            make("p", {}, say("opening_address")), make("p", { class: "kr-url" }, address))
          : make("p", { class: "kr-quiet" }, say("opening_no_address")),
        about
          ? make("div", { class: "kr-about" },
            make("h3", {}, say("trust_title")), make("ol", {}, REASONS.map((one) => make("li", {}, say(`trust_${one}`)))),
            make("h3", {}, say("limits_title")), make("ol", {}, LIMITS.map((one) => make("li", {}, say(`limit_${one}`)))))
          : tableTiles(page, (table) => peopleWords(page, table), (table) => !table.joined && !table.cards)),
    ],
    table: {
      title: say("joined_table"), heads: [say("column_table"), say("column_joined")],
      rows: state.tables.map((table) => [page.table(table.code), peopleWords(page, table)]),
    },
    notes: [say("opening_note")],
  };
}

/**
 * One tile per table with a number or a word.
 * @param {any} page @param {(table: any) => string} words @param {(table: any) => boolean} faint
 */
export function tableTiles(page, words, faint) {
  return make("ul", { class: "kr-tiles" }, page.state.tables.map((table) =>
    make("li", { class: `${faint(table) ? "kr-faint" : ""} ${page.state.highlight === table.code ? "kr-lit" : ""}` },
      make("span", { class: "kr-tile" }, table.code), make("span", { class: "kr-tile-name" }, page.table(table.code)),
      make("strong", {}, words(table)))));
}

const totalOf = (received) => Object.values(received).reduce((total, rupiah) => total + rupiah, 0);

/** Kinds of families, the first one to be shown and then in the order of the file.
 *  @param {any} families @returns {string[]} */
export function familyKinds({ families }) {
  const kinds = [...new Set(families.map((one) => one.kind))];
  return [...kinds.filter((kind) => kind === FIRST_KIND), ...kinds.filter((kind) => kind !== FIRST_KIND)];
}

/** One family of every table in the same month, and from whom help reaches it. @param {any} page */
export function familiesStage(page) {
  const { say, state, ui, num, families, lang } = page;
  if (!families) return { title: say("families_title"), body: [make("p", {}, say("families_missing"))], notes: [] };
  const opened = state.reveal.includes("families");
  const month = Math.min(ui.month, families.months.length - 1);
  const kind = ui.family || familyKinds(families)[0];
  const rows = state.tables.flatMap((table) => {
    const found = families.families.filter((one) => one.place === table.code);
    const family = found.find((one) => one.kind === kind) ?? found[0];
    return family ? [{ table, family }] : [];
  });
  const at = (family, name) => family.received[name]?.[month] ?? {};
  const money = (value) => num.rupiah(Math.round(value), { digits: 3 });
  const isPoor = (family) => (family.welfare.baseline?.[month] ?? 1) < 1;
  const card = ({ table, family }) => {
    const now = at(family, "baseline");
    return make("li", { class: state.highlight === table.code ? "kr-lit" : "" },
      make("p", { class: "kr-card-table" }, make("span", { class: "kr-tile" }, table.code), page.table(table.code)),
      family.kind !== kind && make("h3", {}, family.title[lang]),
      !opened && make("p", { class: "kr-quiet" }, family.people[lang]),
      make("p", { class: "kr-sum" }, money(totalOf(now))),
      !opened && (totalOf(now) > 0
        ? make("ul", { class: "kr-from" }, Object.entries(now).filter(([, rupiah]) => rupiah > 0).map(([name, rupiah]) =>
          make("li", {}, say("from_programme", { programme: families.programmes[name]?.[lang] ?? name, amount: money(rupiah) }))))
        : make("p", {}, say("nothing_reaches"))),
      !opened && isPoor(family) && make("p", { class: "kr-quiet" }, say("family_below")),
      opened && make("p", { class: "kr-then" }, say("family_then", { amount: money(totalOf(at(family, "package"))) }),
        make("span", { class: "kr-quiet" }, ` ${say("family_idle", { amount: money(totalOf(at(family, "idle"))) })}`)));
  };
  const when = num.monthName(families.months[month]);
  return {
    title: say(opened ? "families_title_opened" : "families_title_month", { month: when }),
    lead: families.families.find((one) => one.kind === kind)?.title[lang],
    body: [make("ul", { class: "kr-cards" }, rows.map(card))],
    table: {
      title: say("families_table", { month: when }),
      heads: [say("column_table"), say("column_family"), say("column_now"),
        ...(opened ? [say("column_package"), say("column_zero")] : [])],
      rows: rows.map(({ table, family }) => [page.table(table.code), family.title[lang],
        money(totalOf(at(family, "baseline"))),
        ...(opened ? [money(totalOf(at(family, "package"))), money(totalOf(at(family, "idle")))] : [])]),
    },
    notes: [say("families_note")],
  };
}

/** What people say at the end; every sentence by itself can be taken off the wall. @param {any} page */
export function reflectStage(page) {
  const { say, state } = page;
  if (!state.reveal.includes("reflections")) {
    return {
      title: say("reflect_title"),
      body: [waitingCount(page, state.sentences.length)], notes: [say("reflect_note")],
    };
  }
  const kept = state.sentences.filter((one) => !one.hidden);
  const pages = Math.max(1, Math.ceil(kept.length / ON_WALL));
  const from = (page.ui.wall % pages) * ON_WALL;
  const shown = kept.slice(from, from + ON_WALL);
  return {
    title: say("reflect_title_opened", { count: kept.length }),
    body: [make("ul", { class: "kr-wall" }, shown.map((one) =>
      make("li", { class: state.highlight === one.table ? "kr-lit" : "" },
        make("q", {}, one.text), make("span", { class: "kr-quiet" }, page.table(one.table)))))],
    notes: [say("reflect_note")],
  };
}

/** How many have handed something in, before it is opened; trying needs no open input.
 *  @param {any} page @param {number} count @param {string} [words] */
export function waitingCount(page, count, words = page.state.open ? "waiting_open" : "waiting_closed") {
  const people = page.state.tables.reduce((total, table) => total + table.joined, 0);
  return make("div", { class: "kr-waiting" }, make("strong", {}, page.num.number(count)),
    make("p", {}, page.say(words, { count, people, tables: tablesHere(page.state).length })));
}
