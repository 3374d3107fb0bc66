/** The facilitator's page: it runs the meeting, shows the room one chart, and writes everything down. */

import { fill, make, show, write } from "../dom.js";
import { numberWriter } from "../numbers.js";
import { browserStorage } from "../store.js";
import { settingWriter } from "../setting.js";
import { openSurface } from "../surface.js";
import { textsOf } from "../texts.js";
import { Answers, packagesAxis } from "./answers.js";
import { deviceList, deviceWords } from "./devices.js";
import { animated } from "./drawings.js";
import { clauseForm, paperForm, renaksiForm, voteForm } from "./forms.js";
import { chooser, labelled, press, refill } from "./nodes.js";
import { projectorWindow } from "./projector.js";
import { roomState, scriptOf, stepper, tickClock } from "./sides.js";
import { drawStage } from "./stage.js";
import { actionLog, commonTools, phaseTools } from "./tools.js";
import { openWire } from "./wire.js";

/** Distances of the numbers of an axis, percentage points. */
const AXIS_STEPS = [0.1, 0.2, 0.5, 1];
const SIZES = [1, 1.25, 1.5];
const THEMES = ["light", "dark"];
const FILES = ["docx", "pdf", "xlsx"];

/** Unpack gzip. @param {DataView|null} packed @returns {Promise<any>} */
async function unpacked(packed) {
  if (!packed || !packed.byteLength) return null;
  const bytes = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

/** @param {{model: any, el: HTMLElement}} given */
async function render({ model, el }) {
  const boot = JSON.parse(model.get("boot"));
  const read = await Promise.all(["surface", "families"].map((name) => unpacked(model.get(name))));
  const surface = read[0] ? openSurface(read[0]) : null;
  return meeting({ model, el, boot, surface, families: read[1], look: model.get("_css") });
}

/** @param {any} given */
function meeting({ model, el, boot, surface, families, look }) {
  const { session } = boot;
  const kept = browserStorage(`kesos-room:${session.code}`);
  const answers = new Answers(surface);
  let slack = 0;

  const page = {
    boot, session, answers, families, model, state: /** @type {any} */ (null),
    ui: {
      question: session.guesses[0]?.question ?? "", replayed: [], point: "1", part: "clauses",
      month: 0, family: "", wall: 0, lever: "", replay: null, script: false, theme: "light", ...(kept.read() ?? {}),
    },
    lang: session.lang, stale: boot.stale.length > 0, headlineYear: surface?.headline ?? "",
    unfolded: new Set(), now: () => Date.now() + slack,
    act, setUi, replay, lastChange, drawShock, take, showScript,
    axis: () => packagesAxis(page),
    axisStep: () => AXIS_STEPS.find((step) => (page.axis().high - page.axis().low) / step <= 6) ?? 2,
  };
  speak();

  /** Texts, labels and numbers in the language of the room. */
  function speak() {
    const { lang } = page;
    const texts = textsOf(boot.texts[lang]);
    const labels = boot.labels[lang];
    const num = numberWriter(lang, boot.formats[lang]);
    const written = settingWriter(textsOf(labels.settings), num);
    Object.assign(page, {
      say: texts.say, has: texts.has, num,
      lever: (name) => labels.levers[name] ?? name, point: (name) => labels.points[name] ?? name,
      phase: (name) => labels.phases[name] ?? name, shock: (name) => labels.shocks[name] ?? name,
      role: (name) => labels.roles[name] ?? name,
      phrase: (name) => labels.phrases[name] ?? name,
      table: (code) => session.tables.find((one) => one.code === code)?.name[lang] ?? code,
      setting(lever, value, alone = false) {
        const words = written(lever, Number(value));
        return alone ? words : `${labels.levers[lever]}: ${words}`;
      },
      rule: () => ({
        mufakat: page.num.percent(100 * session.thresholds.mufakat, { decimals: 0 }),
        near: page.num.percent(100 * session.thresholds.near, { decimals: 0 }),
      }),
      source: () => boot.source[lang],
      clock: (at) => new Date(at).toLocaleTimeString(lang === "id" ? "id-ID" : "en-GB", { hour: "2-digit", minute: "2-digit" }),
      deed: (one) => deedWords(page, one),
    });
  }

  // --- the skeleton: regions stay, what is in them changes -----------------------------------

  const parts = {
    bar: make("header", { class: "kr-header" }), left: make("nav", { class: "kr-left" }),
    stage: make("section", { class: "kr-stage" }), tools: make("div", { class: "kr-tools" }),
    forms: make("div", { class: "kr-forms" }), right: make("aside", { class: "kr-right" }),
    script: make("aside", { class: "kr-script", hidden: true }), log: make("div"), devices: make("div"),
    message: make("p", { class: "kr-message", role: "status" }),
  };
  const live = make("p", { class: "kf-unseen", "aria-live": "polite" });
  const root = make("div", { class: "kf kr" }, parts.bar, parts.message,
    make("div", { class: "kr-columns-all" }, parts.left,
      make("main", { class: "kr-centre" }, parts.stage, parts.tools, parts.forms, parts.devices, parts.log), parts.right),
    parts.script, live);
  el.append(root);
  const projector = projectorWindow({
    look, title: () => session.title[page.lang],
    draw(into) {
      into.dataset.theme = page.ui.theme;
      moveProjected = drawStage(into, page);
    },
    shown: () => {
      const { phase, reveal, shock, table } = page.state;
      const { question, part, family, wall, replay: replayed } = page.ui;
      return JSON.stringify([phase.name, reveal, shock, table, question, part, family, wall, replayed]);
    },
    size: () => page.state.size,
    words: (sheet, sheets) => page.say("sheet_on_wall", { page: sheet, pages: sheets }),
    onSheets: drawTools, onClosed: draw,
  });
  let moveStage = (/** @type {number} */ _) => {};
  let moveProjected = moveStage;
  let stopReplay = () => {};
  let connected = true;
  let forms = { for: "", list: /** @type {any[]} */ ([]), update: () => {} };
  const drawn = new Map();

  /** Fill a region only if what it shows has changed. */
  function region(element, shown, make_) {
    const signature = JSON.stringify(shown);
    if (drawn.get(element) === signature) return;
    drawn.set(element, signature);
    refill(element, make_());
  }

  function draw() {
    const { state, ui, lang } = page;
    if (!state) return;
    root.lang = lang;
    root.dataset.theme = ui.theme;
    const common = { lang, phase: state.phase, reveal: state.reveal, ui, open: state.open, frozen: state.frozen,
      shock: state.shock, highlight: state.highlight, table: state.table, tables: state.tables.map((one) => one.points),
      sent: [state.guesses, state.packages.length, state.sentences.length].map((one) => JSON.stringify(one)) };
    region(parts.bar, [lang, state.size, connected, wire.waiting(), ui.script, ui.theme, Boolean(projector.view())], barParts);
    region(parts.left, common, () => stepper(page));
    parts.left.setAttribute("aria-label", page.say("phases_name"));
    drawTools();
    region(parts.right, [lang, state.tables, state.phase.name, state.highlight, state.requests], () => roomState(page));
    parts.right.setAttribute("aria-label", page.say("side_title"));
    region(parts.devices, [lang, state.devices, state.frozen], () => [deviceList(page)]);
    region(parts.log, [lang, state.log], () => [actionLog(page)]);
    region(parts.script, [lang, state.phase.name], () => scriptOf(page));
    parts.script.setAttribute("aria-label", page.say("script_name"));
    show(parts.script, ui.script);
    drawForms();
    const { log, at, requests, version, devices, ...seen } = state;
    seen.tables = state.tables.map(({ online, ...table }) => table);
    const signature = JSON.stringify([seen, ui, lang]);
    if (drawn.get(parts.stage) !== signature) {
      drawn.set(parts.stage, signature);
      parts.stage.setAttribute("aria-label", page.say("stage_name"));
      moveStage = drawStage(parts.stage, page);
      projector.update();
      const title = parts.stage.querySelector("h2")?.textContent ?? "";
      if (live.textContent !== title) write(live, title);
    }
    tickClock(parts.left, page);
  }

  function drawTools() {
    const { state, ui, lang } = page;
    const { phase, reveal, open, frozen, shock, highlight, table, sentences } = state;
    region(parts.tools, [lang, phase, reveal, ui, open, frozen, shock, highlight, table, sentences,
      state.points[ui.point]?.notes, projector.sheets()], () => toolParts());
  }

  function toolParts() {
    const { sheet, sheets } = projector.sheets();
    return [
      sheets > 1 && make("div", { class: "kr-strip", role: "group" },
        press("sheet-", "−", () => projector.turn(-1), { name: page.say("sheet_before"), off: sheet === 0 }),
        make("span", { class: "kr-value" }, page.say("sheet_of", { page: sheet + 1, pages: sheets })),
        press("sheet+", "+", () => projector.turn(1), { name: page.say("sheet_after"), off: sheet === sheets - 1 })),
      make("div", { class: "kr-strip", role: "group", "aria-label": page.say("tools_phase") }, phaseTools(page)),
      make("div", { class: "kr-strip", role: "group", "aria-label": page.say("tools_name") }, commonTools(page)),
    ];
  }

  function barParts() {
    const { say, state, lang } = page;
    return [
      make("h1", {}, session.title[lang], make("span", { class: "kf-quiet" }, ` ${session.code}`)),
      make("span", { class: connected ? "kr-on" : "kr-off" }, connected
        ? (wire.waiting() ? `… ${say("connection_sending", { count: wire.waiting() })}` : `● ${say("connection_on")}`)
        : `⚠ ${say("connection_off")}`),
      make("div", { class: "kr-strip" },
        labelled(say("language"), chooser([["id", "Bahasa Indonesia"], ["en", "English"]], lang,
          (chosen) => act(["lang", { lang: chosen }]), "lang")),
        labelled(say("projector_size"), chooser(SIZES.map((size) => [String(size), say(`size_${String(size).replace(".", "_")}`)]),
          String(state.size), (size) => act(["projector", { size: Number(size) }]), "size")),
        labelled(say("theme"), chooser(THEMES.map((name) => [name, say(`theme_${name}`)]), page.ui.theme,
          (theme) => setUi({ theme }), "theme")),
        press("projector", say(projector.view() ? "projector_front" : "projector_open"), openProjector),
        press("backup", say("backup"), () => wire.ask({ do: "backup" })),
        press("script", say("script_button"), () => showScript(!page.ui.script), { pressed: page.ui.script })),
    ];
  }

  function drawForms() {
    const wanted = `${page.lang}:${page.state.phase.name}:${Object.values(page.state.codes)}`;
    if (forms.for !== wanted) {
      const phase = page.state.phase.name;
      const list = [];
      /** @type {(() => void)[]} */
      const updates = [];
      const written = phase === "agree" ? [clauseForm(page), renaksiForm(page)] : phase === "deliberate" ? [voteForm(page)] : [];
      list.push(...written.map((form) => form.element));
      updates.push(...written.map((form) => form.update));
      if (phase === "agree") list.push(downloads());
      list.push(paperForm(page, updates));
      forms = { for: wanted, list, update: () => updates.forEach((update) => update()) };
      fill(parts.forms, list);
    }
    forms.update();
  }

  function downloads() {
    // A backup holds no codes: after it was put back they are known to the tables alone.
    const known = Object.keys(page.state.codes).length > 0;
    return make("div", { class: "kr-form" }, make("h3", {}, page.say("downloads")),
      make("div", { class: "kr-strip" }, FILES.map((form) =>
        press(`file:${form}`, page.say("download", { form: form.toUpperCase() }), () => {
          say(page.say("file_made"));
          wire.ask({ do: "draft", form });
        }))),
      // Closed at first: a laptop may stand mirrored on the wall.
      make("details", {}, make("summary", {}, page.say("signing_title")),
        make("p", { class: "kf-quiet" }, page.say(known ? "signing_codes" : "signing_unknown")),
        !known && press("codes", page.say("signing_renew"), () => wire.ask({ do: "codes" })),
        make("ul", { class: "kr-codes" }, Object.entries(page.state.codes).map(([table, code]) =>
          make("li", {}, `${page.table(table)}: `, make("code", {}, code))))));
  }

  // --- what the facilitator does --------------------------------------------------------------

  function say(words) {
    write(parts.message, words);
  }

  /** @param {...[string, Record<string, unknown>]} acts */
  function act(...acts) {
    say("");
    if (acts.some(([kind]) => kind === "phase" || kind === "highlight")) page.ui.replay = null;
    wire.act(...acts);
  }

  function setUi(change) {
    Object.assign(page.ui, change);
    const { replay: _, ...stays } = page.ui;
    kept.write(stays);
    draw();
  }

  /** Open or close the drawer, and take the keyboard along. @param {boolean} script */
  function showScript(script) {
    setUi({ script });
    root.querySelector(`[data-key=${script ? "script-close" : "script"}]`)?.focus();
  }

  /** The primary button. @param {import("./steps.js").Step} step */
  function take(step) {
    if (step.local === "replay") return replay();
    if (step.local === "shock") return drawShock();
    if (step.fields?.question) setUi({ question: step.fields.question, replay: null });
    return act(...step.acts);
  }

  function drawShock() {
    const { shocks } = session;
    // Rejecting the end of the range keeps every shock equally likely.
    const most = Math.floor(2 ** 32 / shocks.length) * shocks.length;
    let drawnNumber = most;
    while (drawnNumber >= most) [drawnNumber] = crypto.getRandomValues(new Uint32Array(1));
    act(["shock", { name: shocks[drawnNumber % shocks.length] }], ["hide", { what: "shock" }]);
  }

  /** The last change that the room has seen: an opened answer, a lever, a package. Its title is
   *  asked for when it is drawn, in the language that the room then has. */
  function lastChange() {
    const { state, ui } = page;
    if (!surface) return null;
    const shown = session.guesses.filter((one) => state.reveal.includes(`model:${one.question}`));
    const phase = state.phase.name;
    if (phase === "explore" && state.reveal.includes("tries")) {
      const most = Object.entries(state.tries.levers).sort((a, b) => b[1].people - a[1].people)[0]?.[0];
      const name = ui.lever || most;
      const lever = surface.levers.find((one) => one.name === name);
      if (lever) return { title: () => page.lever(name), levers: { [name]: lever.high } };
    }
    if (["package", "shock", "deliberate", "agree"].includes(phase) && state.reveal.includes("packages")) {
      const shock = phase === "shock" && state.reveal.includes("shock") ? state.shock : "none";
      const found = state.packages.find((one) => one.table === state.highlight) ?? state.packages.at(-1);
      if (found) return { title: () => `${page.table(found.table)}: ${found.name}`, levers: found.levers, shock };
    }
    const chosen = shown.find((one) => one.question === ui.question) ?? shown.at(-1);
    if (!chosen) return null;
    return { title: () => page.say(`short_${chosen.question}`), levers: chosen.levers, question: chosen.question };
  }

  function replay() {
    const change = lastChange();
    if (!change) return;
    const replayed = change.question ? [...new Set([...page.ui.replayed, change.question])] : page.ui.replayed;
    setUi({ replay: change, replayed });
    stopReplay();
    stopReplay = animated((share) => {
      moveStage(share);
      moveProjected(share);
    }, 2500, projector.view() ?? window);
  }

  function openProjector() {
    if (!projector.open()) say(page.say("projector_refused"));
    draw();
  }

  function save({ name, type, bytes }) {
    const address = URL.createObjectURL(new Blob([bytes], { type }));
    const link = make("a", { href: address, download: name, hidden: true });
    root.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    say(page.say("file_saved", { name }));
  }

  // --- the link -------------------------------------------------------------------------------

  const wire = openWire({
    model, lang: () => page.lang, kept: browserStorage(`kesos-room:${session.code}:acts`),
    onRoom(state) {
      slack = state.at - Date.now();
      if (page.state && state.phase.name !== page.state.phase.name) page.ui.replay = null;
      page.state = state;
      if (state.lang !== page.lang) {
        page.lang = state.lang;
        speak();
      }
      draw();
    },
    onConnection(now) {
      connected = now;
      draw();
    },
    onRefused: (refused) => say(refused.map((one) => one.why).join(" ")),
    onFile: save,
    onNote: say,
  });
  const onKey = (event) => event.key === "Escape" && page.ui.script && showScript(false);
  document.addEventListener("keydown", onKey);
  const ticking = setInterval(() => page.state && tickClock(parts.left, page), 1000);
  const watching = setInterval(() => projector.check(), 2000);

  return () => {
    document.removeEventListener("keydown", onKey);
    clearInterval(ticking);
    clearInterval(watching);
    stopReplay();
    projector.close();
    wire.close();
  };
}

/** What an event of the room was, in words. @param {any} page @param {any} one */
function deedWords(page, { kind, body }) {
  const { say } = page;
  const on = body.open ?? body.on;
  const what = () => {
    const [name, of] = String(body.what).split(":");
    return of && page.has(`short_${of}`) ? `${say(`tool_${name}`)}: ${say(`short_${of}`)}` : say(`tool_${name}`);
  };
  const words = {
    phase: () => page.phase(body.name), shock: () => (body.name === "none" ? say("no_shock") : page.shock(body.name)),
    reveal: what, hide: what, highlight: () => (body.table ? page.table(body.table) : say("highlight_none")),
    clause: () => page.point(body.point), vote: () => page.point(body.point),
    exclude: () => deviceWords(page, body.device),
    renaksi: () => body.activity || "…", paper: () => page.table(body.table),
  };
  const suffix = on === undefined ? "" : on ? "_on" : "_off";
  return say(`deed_${kind}${suffix}`, { what: words[kind] ? words[kind]() : "" });
}

export default { render };
