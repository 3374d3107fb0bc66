/** The attendee page: state, link and screens put together. No framework: each screen builds its
 *  elements once and afterwards only writes what has changed. */

import { appWords } from "./app_words.js";
import { announcer, choice, selector } from "./controls.js";
import { fill, randomHex, show } from "./dom.js";
import { adopt, followShock, giveBack, saveFile, shockOfRoom } from "./keeping.js";
import { openLink } from "./link.js";
import { numberWriter } from "./numbers.js";
import { openOutlook } from "./outlook.js";
import { keptOf, linkOf, packageInLink, packageWords, scenarioText } from "./package.js";
import { SCREENS, SCREEN_OF_PHASE } from "./screens.js";
import { resultPanel } from "./screens/results.js";
import { resultSentences } from "./sentences.js";
import { sheets, shell } from "./shell.js";
import { browserStorage, newWork, openStore } from "./store.js";
import { openSurface } from "./surface.js";
import { textsOf } from "./texts.js";

/** @typedef {any} App the members that `buildApp` puts together below */

const WIDE = "(min-width: 1000px)";
const STATE_VERSION = 2;

/**
 * Start the page.
 * @param {object} given
 * @param {HTMLElement} given.root where it is put
 * @param {any} given.boot settings of the session, texts and formats in both languages
 * @param {any} given.surfaceJson
 * @param {any[]} given.families
 * @param {any} given.model of the widget; null without a kernel
 * @param {Record<string, any>} [given.linkOptions] for tests
 */
export function openPage({ root, boot, surfaceJson, families, model, linkOptions = {} }) {
  const { session } = boot;
  const key = `kesos-forum:${session.code}`;
  const surface = openSurface(surfaceJson);
  const outlook = openOutlook(surface, session);
  const store = openStore(browserStorage(key), {
    version: STATE_VERSION,
    participant: randomHex(16),
    lang: session.lang,
    size: 1,
    theme: "auto",
    screen: "join",
    phase: "opening",
    province: null,
    role: null,
    guesses: {},
    stances: {},
    work: newWork(surface.places[0]),
  });
  store.save(); // the code of this visitor must outlive the page from the first moment
  const shared = {
    root,
    boot,
    session,
    surface,
    outlook,
    store,
    families,
    alone: !model,
    room: /** @type {any} */ (null),
  };
  const status = { state: model ? "connecting" : "alone", waiting: 0 };
  /** @type {App} */
  let app;
  const link = openLink({
    model,
    key,
    participant: store.state.participant,
    lang: () => store.state.lang,
    onState(state, own) {
      // What was on its way while something newer came; a greeting is always the newest.
      if (!own && shared.room && state.version < shared.room.version) return;
      shared.room = state;
      if (app) app.room = state;
      store.put((kept) => {
        kept.phase = state.phase ?? kept.phase;
        for (const entry of own ?? []) adopt(kept, entry);
      });
      followShock(store, session, shockOfRoom(state));
    },
    onConnection(state, waiting) {
      Object.assign(status, { state, waiting });
      app?.schedule();
    },
    onStored: () => app?.schedule(),
    onRefused(refused) {
      for (const { entry, why } of refused) {
        // A refused signature is explained beside its button, at the end of a long page.
        if (entry?.kind !== "sign" || app?.screen().key !== "agree") app?.toast(why);
        if (entry) store.put((kept) => giveBack(kept, entry, why));
      }
    },
    onFile: ({ name, type, bytes }) => saveFile(name, new Blob([bytes], { type })),
    ...linkOptions,
  });
  let stop = () => {};

  function rebuild() {
    stop();
    const made = buildApp(shared, link, status, rebuild);
    app = made.app;
    stop = made.stop;
  }

  const { lines: all } = outlook.cost({}, surface.places[0]);
  const lines = all.filter(({ rupiah }) => rupiah !== null).map(({ line }) => line);
  const given = packageInLink(outlook, lines);
  if (given) store.change((work) => (work.b = given));
  if (given !== undefined) history.replaceState(null, "", location.href.split("#")[0]);
  rebuild();
  if (given !== undefined) app.toast(app.say(given ? "link_package" : "link_unread"));
  const leave = () => store.save();
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", leave);
  return {
    store,
    link,
    outlook,
    app: () => app,
    close() {
      stop();
      link.close();
      store.save();
      window.removeEventListener("pagehide", leave);
      document.removeEventListener("visibilitychange", leave);
    },
  };
}

/**
 * Everything that is in one language: built again when the language changes.
 * @param {any} shared @param {any} link @param {{state: string, waiting: number}} status
 * @param {() => void} rebuild
 */
function buildApp(shared, link, status, rebuild) {
  const { root, boot, session, surface, outlook, store } = shared;
  const { lang } = store.state;
  const texts = textsOf(boot.texts[lang], (term) => app.openSheet("help", term));
  const numbers = numberWriter(lang, boot.formats[lang]);
  const { say } = texts;
  const words = packageWords(texts, numbers);
  const media = matchMedia(WIDE);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const live = announcer();
  let frame = 0;
  let saidFor = "";
  /** @type {{key: string, update: () => void, element: Element, aside?: boolean, strip?: boolean,
   *  next?: () => void, nextLabel?: string}|null} */
  let shown = null;

  /** @type {App} */
  const app = {
    ...shared,
    ...texts,
    ...words,
    numbers,
    lang,
    announcer: live,
    screens: SCREENS,
    nextLabel: () => shown?.nextLabel ?? say("next"),
    screen: () => SCREENS.find(({ key }) => key === store.state.screen) ?? SCREENS[0],
    connection: () => status,
    announce: live.announce,
    schedule,
    toast: (/** @type {string} */ text) => frameParts.toast(text),
    openSheet: (/** @type {string} */ name, /** @type {string} */ at) => dialogs.open(name, at),
    enter: (/** @type {string} */ kind, /** @type {any} */ body) => link.enter(kind, body),
    tried: () => link.tried({ levers: store.state.work.levers }),

    ...appWords({ boot, session, surface, store, texts, numbers, words, lang }),

    // The meeting.
    reached: (/** @type {string} */ phase) => {
      const order = Object.keys(SCREEN_OF_PHASE);
      return order.indexOf(store.state.phase) >= order.indexOf(phase);
    },
    isOpen: (/** @type {string} */ key) =>
      app.alone || app.reached(SCREENS.find((one) => one.key === key)?.phase ?? "opening"),
    /** Where the room is, unless the visitor is on a screen of that phase. */
    calledScreen() {
      const phase = app.alone ? null : app.room?.phase;
      return !phase || app.screen().phase === phase ? null : (SCREEN_OF_PHASE[phase] ?? null);
    },

    // Ways.
    go,
    turn: (/** @type {number} */ step) => {
      if (step > 0 && shown?.next) return shown.next();
      const next = SCREENS[SCREENS.findIndex(({ key }) => key === app.screen().key) + step];
      if (next && app.isOpen(next.key)) go(next.key);
    },
    undo: () => store.undo() && live.announce(say("undone"), 0),
    redo: () => store.redo() && live.announce(say("redone"), 0),
    reset() {
      const shock = store.state.roomShock ?? "none";
      store.change((work) => Object.assign(work, { levers: {}, kept: [], taken: {}, shock }));
      app.toast(say("was_reset"));
    },
    keep(/** @type {"a"|"b"} */ slot, /** @type {any} */ other) {
      store.change((work) => {
        const { levers, taken } = other ?? work;
        const kept = other ? keptOf(outlook.levers.keys(), other) : work.kept;
        const cost = other ? outlook.balance(levers, {}, surface.places[0]).needed : 0;
        const money = Object.entries(other?.sources ?? {}).map(([line, share]) => [
          line,
          Number(share) * cost,
        ]);
        const from = other && { table: other.table, name: other.name, balanced: other.balanced };
        const paid = taken ?? Object.fromEntries(money);
        work[slot] = structuredClone({ levers, kept, taken: paid, from });
      });
      app.toast(say("was_kept", { slot: say(`case_${slot}`) }));
    },
    edit(/** @type {"a"|"b"} */ slot) {
      store.change((work) => {
        const { levers, kept = [], taken } = structuredClone(work[slot]);
        Object.assign(work, { levers, kept, taken });
      });
      go("levers");
    },
    packageLink: () => linkOf(store.state.work),
    scenarioText: () =>
      scenarioText(
        { id: boot.texts.id.take_file, en: boot.texts.en.take_file },
        store.state.work.levers,
        outlook.shares(store.state.work.taken, store.state.work.place),
      ),
    saveText: (
      /** @type {string} */ name,
      /** @type {string} */ text,
      /** @type {string} */ type,
    ) => saveFile(name, new Blob([text], { type })),
    download(/** @type {string} */ form) {
      if (status.state !== "connected") return app.toast(say("take_offline"));
      link.draft(form, lang);
      app.toast(say("take_coming"));
    },

    // Looks.
    theme: () =>
      store.state.theme === "auto" ? (dark.matches ? "dark" : "light") : store.state.theme,
    setTheme: (/** @type {string} */ theme) => store.put((state) => (state.theme = theme)),
    sizeChoice: () =>
      choice({
        label: say("text_size"),
        value: String(store.state.size),
        change: (value) => store.put((state) => (state.size = Number(value))),
        options: ["1", "2", "3"].map((value) => ({ value, label: say(`size_${value}`) })),
      }).element,
    langChoice: () =>
      choice({
        label: say("language"),
        value: lang,
        options: [
          { value: "id", label: "Bahasa Indonesia" },
          { value: "en", label: "English" },
        ],
        change: (value) => {
          store.put((state) => (state.lang = value));
          link.renew();
          rebuild();
          root.querySelector(`input[value="${value}"]`)?.focus();
        },
      }).element,
    placeChoice(provincesOnly = false) {
      const whole = surface.places[0];
      const codes = surface.places.filter(
        (/** @type {string} */ code) => !provincesOnly || code !== whole,
      );
      const select = selector({
        label: say("place_choice"),
        value: provincesOnly ? app.homePlace() : store.state.work.place,
        options: codes.map((/** @type {string} */ code) => ({
          value: code,
          label: app.placeName(code),
        })),
        change: (value) => store.change((work) => (work.place = value)),
      });
      placeSelects.add(() => select.set(provincesOnly ? app.homePlace() : store.state.work.place));
      return select.element;
    },
    /** Pixels that a drawing may take; a hidden element has those of the last one that was shown.
     *  @param {Element} element */
    width(element) {
      const found = element.clientWidth || element.parentElement?.clientWidth || 0;
      if (found > 0) lastWidth = found;
      const larger = [1, 1.2, 1.4][store.state.size - 1] ?? 1; // as --chart of the style sheet
      return Math.max(200, Math.min(lastWidth, 760)) / larger;
    },
  };
  let lastWidth = Math.min(root.clientWidth || 360, 760) - 32;
  /** @type {Set<() => void>} */
  const placeSelects = new Set();
  const frameParts = shell(app, SCREENS);
  const dialogs = sheets(app);
  fill(root, frameParts.element, dialogs.element);
  const panel = resultPanel(app);

  function schedule() {
    frame ||= requestAnimationFrame(update);
  }

  function update() {
    frame = 0;
    look();
    const wanted = app.isOpen(app.screen().key) ? app.screen() : SCREENS[0];
    if (shown?.key !== wanted.key) build(wanted);
    frameParts.update();
    dialogs.update();
    for (const set of placeSelects) set();
    const withAside = Boolean(shown?.aside && media.matches);
    frameParts.element.classList.toggle("kf-with-aside", withAside);
    show(frameParts.aside, withAside);
    if (withAside) panel.update();
    shown?.update();
    strip();
  }

  /** @param {typeof SCREENS[number]} screen */
  function build(screen) {
    placeSelects.clear();
    const made = screen.build(app);
    shown = { aside: false, strip: false, ...made, key: screen.key };
    fill(frameParts.main, made.element);
    fill(frameParts.aside, shown.aside ? panel.element : null);
  }

  /** The headline number on every screen with levers, and the first sentence for those who listen. */
  function strip() {
    const { levers, place, shock } = store.state.work;
    const answer = outlook.answer({ levers, place, shock });
    const tellable = Boolean(shown?.strip) || shown?.key === "results" || shown?.key === "shocks";
    if (!answer.inside) return frameParts.setStrip(shown?.strip ? app.outsideText(answer) : "");
    const { base, package: moved } = outlook.headlineOf(answer, "poverty_rate");
    const none = outlook.coordinated(levers) && outlook.answer({ levers, place, shock, effect: false });
    const idle = none ? outlook.headlineOf(none, "poverty_rate").package[1] : null;
    frameParts.setStrip(
      shown?.strip
        ? say(shock === "none" ? "strip" : "strip_shock", {
            place: app.placeName(place),
            shock: shock === "none" ? "" : say(`shock_${shock}`),
            year: surface.headline,
            value: numbers.percent(moved[1]),
            range: numbers.interval(moved[0], moved[2]),
            base: numbers.percent(base[1]),
            idle: idle === null ? "" : say("strip_idle", { value: numbers.percent(idle) }),
          })
        : "",
    );
    const key = JSON.stringify([levers, place, shock]);
    if (saidFor && saidFor !== key && tellable) {
      const [first] = resultSentences({ ...app, levers, taken: {}, place, shock });
      live.announce(say(first.key, first.fields));
    }
    saidFor = key;
  }

  /** @param {string} key */
  function go(key) {
    store.put((state) => (state.screen = key));
    cancelAnimationFrame(frame);
    update();
    window.scrollTo(0, 0);
    root.scrollTop = 0;
    frameParts.title.focus({ preventScroll: true });
  }

  function look() {
    root.classList.add("kf");
    root.lang = lang;
    root.dataset.theme = app.theme();
    root.dataset.size = String(store.state.size);
    if (document.querySelector(".jp-LabShell")) return; // the rest of JupyterLab is not ours
    document.documentElement.lang = lang;
    document.documentElement.dataset.kesosTheme = app.theme();
    document.title = `${say(`screen_${app.screen().key}`)} – ${session.title[lang]}`;
  }

  const sizes = new ResizeObserver(() => schedule());
  sizes.observe(root);
  const silence = store.listen(schedule);
  dark.addEventListener("change", schedule);
  media.addEventListener("change", schedule);
  update();
  return {
    app,
    stop() {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      silence();
      dark.removeEventListener("change", schedule);
      media.removeEventListener("change", schedule);
    },
  };
}
