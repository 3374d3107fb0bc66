/** Screens 11 and 12: the draft clause by clause and its signature; downloads, link, last words. */

import { qrModules } from "../qr.js";
import { button, draw, fill, make, show, write } from "../dom.js";
import { resultSentences } from "../sentences.js";

/** @typedef {import("../app.js").App} App */

const LONGEST_REFLECTION = 280;
/** What a row of the plan of action says, in the order of the document. */
const PLAN = ["activity", "responsible", "years", "fund", "indicator", "target", "range"];

/** @param {App} app */
export function agreeScreen(app) {
  const { say, store } = app;
  const lead = make("p", { class: "kf-lead" });
  const clauses = make("ol", { class: "kf-clauses" });
  const whole = make("div", { class: "kf-stack", hidden: true });
  const digest = make("p", { class: "kf-quiet kf-code" });
  const signed = make("p", { class: "kf-said" });
  const translated = make("p", { class: "kf-said" }, say("agree_translated"));
  const code = make("input", {
    type: "text",
    id: "kf-sign-code",
    maxlength: 24,
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    "aria-describedby": "kf-sign-problem",
  });
  const read = make("input", { type: "checkbox", id: "kf-sign-read", change: update });
  const problem = make("p", {
    class: "kf-problem",
    id: "kf-sign-problem",
    role: "alert",
    hidden: true,
  });
  let explained = store.state.signRefused?.id;
  const said = make("p", { class: "kf-good", role: "status" });
  const sign = button(
    say("sign_send"),
    () => {
      const draft = app.room?.draft;
      const wrong = !read.checked ? "sign_need_read" : !code.value.trim() ? "sign_need_code" : "";
      show(problem, Boolean(wrong));
      explained = undefined;
      if (wrong) {
        write(problem, say(wrong));
        return store.put((state) => (state.signRefused = null));
      }
      app.enter("sign", { digest: draft.digest, code: code.value.trim() });
      store.put((state) => Object.assign(state, { signedDigest: draft.digest, signRefused: null }));
    },
    { class: "kf-button kf-primary" },
  );
  const stated = make("span");
  const form = make(
    "section",
    { class: "kf-plain kf-stack" },
    make("h2", {}, say("sign_title")),
    make("label", { for: read.id, class: "kf-option" }, read, stated),
    make(
      "div",
      { class: "kf-field" },
      make("label", { for: code.id, class: "kf-label" }, say("sign_code")),
      code,
    ),
    problem,
    sign,
    said,
  );
  const element = make(
    "div",
    { class: "kf-stack" },
    lead,
    make("p", { class: "kf-quiet" }, say("agree_status")),
    translated,
    clauses,
    whole,
    digest,
    signed,
    form,
  );

  function update() {
    const draft = app.room?.draft;
    const own = app.alone || !draft?.clauses?.length;
    write(
      lead,
      say(
        app.alone
          ? "agree_alone"
          : own
            ? "agree_wait"
            : draft.digest
              ? "agree_lead"
              : "agree_reading",
      ),
    );
    const found = own ? ownClauses(app) : draft.clauses;
    fill(
      clauses,
      found.map((/** @type {any} */ clause) => clauseItem(app, clause)),
    );
    show(clauses, found.length > 0);
    show(translated, !own && app.lang !== app.session.lang);
    show(whole, !own);
    fill(whole, own ? null : wholeDraft(app, draft));
    show(digest, !own && Boolean(draft?.digest));
    write(digest, draft?.digest ? say("agree_digest", { digest: draft.digest.slice(0, 16) }) : "");
    const tables = app.room?.signed ?? [];
    show(signed, tables.length > 0);
    write(
      signed,
      say("agree_signed", {
        tables: tables.map((/** @type {string} */ table) => app.tableName(table)).join(", "),
      }),
    );
    const table = store.state.province;
    show(form, !own && Boolean(draft?.digest) && app.room?.frozen !== false && Boolean(table));
    if (!table) return;
    const name = app.tableName(table);
    write(stated, say("sign_statement", { table: name }));
    const done = tables.includes(table);
    const sent = store.state.signedDigest && store.state.signedDigest === draft?.digest;
    for (const part of [sign, code, read]) part.disabled = done || Boolean(sent);
    write(said, done ? say("sign_done", { table: name }) : sent ? say("sign_sent") : "");
    explain(done ? null : store.state.signRefused);
  }

  /** Say why a signature was refused, and lead back to the code, once for each refusal.
   *  @param {{id: string, why: string}|null|undefined} refused */
  function explain(refused) {
    code.setAttribute("aria-invalid", String(Boolean(refused)));
    if (!refused) {
      if (explained) show(problem, false);
      explained = undefined;
      return;
    }
    write(problem, refused.why);
    show(problem, true);
    if (refused.id === explained) return;
    explained = refused.id;
    code.focus();
    code.select();
    form.scrollIntoView({ block: "nearest" });
  }

  return { element, update };
}

/** One clause: its text, numbers, notes, questions, dissent and who is responsible.
 *  @param {App} app @param {any} clause as it is in the document that is signed */
function clauseItem({ say }, clause) {
  const who = clause.responsible;
  const quiet = (/** @type {string|undefined} */ text) =>
    text ? make("p", { class: "kf-quiet" }, text) : null;
  return make(
    "li",
    { value: clause.point },
    clause.name ? make("p", { class: "kf-case" }, clause.name) : null,
    make("p", {}, clause.text),
    quiet(clause.number),
    quiet(clause.outcome),
    who ? quiet(say("agree_responsible", { who })) : null,
    [
      ...(clause.notes ?? []),
      ...(clause.questions ?? []),
      ...(clause.dissent ?? []).map((/** @type {string} */ words) =>
        say("agree_dissent", { words }),
      ),
    ].map((/** @type {string} */ text) => make("p", { class: "kf-quote" }, text)),
  );
}

/** What is signed besides the clauses: the outcome of the whole package and the plan of action.
 *  @param {App} app @param {{totals: string[], rows: Record<string, string>[]}} draft */
function wholeDraft({ say }, { totals, rows }) {
  const list = (/** @type {string} */ title, /** @type {string[]} */ lines) =>
    lines.length ? [make("h2", {}, say(title)), make("ul", {}, lines.map((one) => make("li", {}, one)))] : [];
  return [
    ...list("agree_total", totals),
    ...list(
      "agree_plan",
      rows.map((row) =>
        say("agree_plan_row", {
          point: row.point,
          words: PLAN.map((name) => row[name]).filter(Boolean).join(" · "),
        }),
      ),
    ),
    rows.length ? make("p", { class: "kf-quiet" }, say("agree_plan_note")) : null,
  ];
}

/** The clauses as the visitor's own package would fill them. @param {App} app */
function ownClauses(app) {
  const { levers } = app.store.state.work;
  return Object.entries(app.session.points)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([point, names]) => ({
      point,
      text: app.say("agree_own_clause", {
        title: app.say(`point_${point}`),
        setting: /** @type {string[]} */ (names)
          .map((name) => app.leverState(name, levers[name]))
          .join("; "),
      }),
      responsible: app.say(`responsible_${point}`),
    }));
}

/** @param {App} app */
export function takeScreen(app) {
  const { say, store } = app;
  const files = ["docx", "pdf", "xlsx"].map((form) =>
    button(say(`take_${form}`), () => app.download(form), { class: "kf-button kf-large" }),
  );
  const own = make("p", { class: "kf-quiet" }, say(app.alone ? "take_alone" : "take_lead"));
  const scenario = button(
    say("take_yaml"),
    () => app.saveText(`${say("take_file")}.yaml`, app.scenarioText(), "application/yaml"),
    { class: "kf-button" },
  );
  const print = button(say("take_print"), () => window.print(), { class: "kf-button" });
  const address = make("input", {
    type: "text",
    readonly: true,
    id: "kf-link",
    class: "kf-text",
    focus: () => address.select(),
  });
  const copied = make("p", { class: "kf-good", role: "status" });
  const copy = button(say("take_copy"), async () => {
    try {
      await navigator.clipboard.writeText(address.value);
      write(copied, say("take_copied"));
    } catch {
      // Without https the clipboard is closed to pages: the text is selected for the person.
      address.focus();
      address.select();
      write(copied, say(document.execCommand?.("copy") ? "take_copied" : "take_select"));
    }
  });
  const code = make("div", { class: "kf-qr" });
  const summary = make("section", { class: "kf-plain kf-stack" });
  const reflection = reflectForm(app);
  const element = make(
    "div",
    { class: "kf-stack" },
    make(
      "div",
      { class: "kf-two" },
      make(
        "div",
        { class: "kf-stack" },
        own,
        make("div", { class: "kf-stack kf-files" }, app.alone ? [] : files, scenario, print),
        make("h2", {}, say("take_link_title")),
        make("p", { class: "kf-quiet" }, say("take_link_lead")),
        make(
          "div",
          { class: "kf-field" },
          make("label", { for: address.id, class: "kf-label" }, say("take_link")),
          address,
        ),
        copy,
        copied,
        code,
      ),
      make("div", { class: "kf-stack" }, summary, reflection.element),
    ),
  );
  let drawnFor = "";

  function update() {
    const link = app.packageLink();
    address.value = link;
    if (link !== drawnFor) {
      drawnFor = link;
      write(copied, "");
      drawQr(code, link, say("take_qr"));
    }
    const { levers, kept, taken, place, shock } = store.state.work;
    const lines = app.packageLines(levers, kept);
    const answer = app.outlook.answer({ levers, place, shock });
    fill(
      summary,
      make("h2", {}, say("take_summary")),
      make(
        "ul",
        {},
        (lines.length ? lines : [say("package_empty")]).map((text) => make("li", {}, text)),
      ),
      answer.inside
        ? make(
            "ul",
            {},
            resultSentences({ ...app, levers, taken, place, shock }).map(({ key, fields }) =>
              make("li", {}, app.rich(key, fields)),
            ),
          )
        : make("p", { class: "kf-problem" }, app.outsideText(answer)),
      make("p", { class: "kf-quiet" }, say("say_missing")),
      make("p", { class: "kf-quiet" }, app.madeText()),
    );
    reflection.update();
  }

  return { element, update };
}

/** @param {Element} place @param {string} text @param {string} label */
function drawQr(place, text, label) {
  const modules = qrModules(text);
  if (!modules) return fill(place);
  const size = modules.length + 8;
  let path = "";
  modules.forEach((row, y) =>
    row.forEach((dark, x) => {
      if (dark) path += `M${x + 4} ${y + 4}h1v1h-1z`;
    }),
  );
  fill(
    place,
    draw(
      "svg",
      {
        viewBox: `0 0 ${size} ${size}`,
        role: "img",
        "aria-label": label,
        width: 220,
        height: 220,
        "shape-rendering": "crispEdges",
      },
      draw("rect", { width: size, height: size, fill: "#ffffff" }),
      draw("path", { d: path, fill: "#000000" }),
    ),
  );
}

/** One sentence: what changed your mind. @param {App} app */
function reflectForm(app) {
  const { say, store } = app;
  const text = make("textarea", {
    id: "kf-reflection",
    maxlength: LONGEST_REFLECTION,
    rows: 3,
    input: () => store.put((state) => (state.reflection = text.value)),
  });
  text.value = store.state.reflection ?? "";
  const said = make("p", { class: "kf-quiet", role: "status" });
  const send = button(
    say("reflect_send"),
    () => {
      const written = text.value.trim();
      if (!written) return write(said, say("reflect_empty"));
      app.enter("reflect", { text: written });
      store.put((state) => (state.reflected = written));
    },
    { class: "kf-button kf-primary" },
  );
  const element = make(
    "section",
    { class: "kf-plain kf-stack" },
    make("h2", {}, say("reflect_title")),
    make(
      "div",
      { class: "kf-field" },
      make("label", { for: text.id, class: "kf-label" }, say("reflect_label")),
      text,
    ),
    send,
    said,
  );

  function update() {
    show(element, !app.alone);
    const open =
      app.reached("reflect") && app.room?.open !== false && Boolean(store.state.province);
    send.disabled = !open;
    if (store.state.reflected && store.state.reflected === text.value.trim())
      write(said, say("reflect_kept"));
    else if (!open) write(said, say("reflect_closed"));
    else write(said, "");
  }

  return { element, update };
}
