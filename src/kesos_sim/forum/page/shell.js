/** The frame around every screen: head, tools, menu, help, sources, the way forward and back. */

import { choice } from "./controls.js";
import { button, draw, fill, make, show, write } from "./dom.js";

/** @typedef {import("./app.js").App} App */

const ICONS = {
  menu: "M3 6h18M3 12h18M3 18h18",
  undo: "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 0 12",
  redo: "m15 7 5 5-5 5M20 12H10a6 6 0 0 0 0 12",
  help: "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 18v.5",
};

/** @param {keyof typeof ICONS} name */
function icon(name) {
  return draw(
    "svg",
    { viewBox: "0 0 24 24", width: 22, height: 22, "aria-hidden": "true", class: "kf-icon" },
    draw("path", { d: ICONS[name] }),
  );
}

/** @param {string} label @param {keyof typeof ICONS} name @param {() => void} act */
function tool(label, name, act) {
  return make(
    "button",
    { type: "button", class: "kf-tool", click: act },
    icon(name),
    make("span", {}, label),
  );
}

/**
 * @param {App} app
 * @param {{key: string}[]} screens
 */
export function shell(app, screens) {
  const { say, store } = app;
  const connection = make("p", { class: "kf-connection", role: "status" });
  const undo = tool(say("undo"), "undo", () => app.undo());
  const redo = tool(say("redo"), "redo", () => app.redo());
  const menu = tool(say("menu"), "menu", () => app.openSheet("menu"));
  const help = tool(say("help"), "help", () => app.openSheet("help"));
  const wide = make(
    "div",
    { class: "kf-tools kf-wide" },
    button(say("back_to_start"), () => app.reset(), { class: "kf-button kf-small" }),
    button(say("open_sources"), () => app.openSheet("sources"), { class: "kf-button kf-small" }),
    button(say("display"), () => app.openSheet("display"), { class: "kf-button kf-small" }),
  );
  const toast = make("div", { class: "kf-toast", role: "status", hidden: true });
  const phase = make("div", { class: "kf-phase", hidden: true });
  const apart = make("p", { class: "kf-apart", role: "status", hidden: true });
  const title = make("h1", { tabindex: "-1" });
  const count = make("p", {});
  const closed = make("p", { class: "kf-note" }, say("next_closed"));
  const back = button(say("back"), () => app.turn(-1));
  const next = button(say("next"), () => app.turn(1), { class: "kf-button kf-primary" });
  const main = make("div", { class: "kf-main" });
  const aside = make("div", { class: "kf-aside" });
  const strip = make("button", {
    type: "button",
    class: "kf-strip",
    click: () => app.go("results"),
  });
  const element = make(
    "div",
    { class: "kf-page" },
    make(
      "a",
      {
        href: "#kf-title",
        class: "kf-skip",
        click: (/** @type {Event} */ event) => {
          event.preventDefault();
          title.focus();
        },
      },
      say("skip"),
    ),
    make(
      "header",
      { class: "kf-head" },
      make(
        "div",
        { class: "kf-brand" },
        make("p", { class: "kf-session" }, app.session.title[app.lang]),
        connection,
      ),
      make(
        "div",
        { class: "kf-toolbar", role: "group", "aria-label": say("tools") },
        menu,
        undo,
        redo,
        help,
        wide,
      ),
    ),
    make(
      "main",
      { class: "kf-body" },
      toast,
      apart,
      phase,
      title,
      make("div", { class: "kf-columns" }, main, aside),
    ),
    make(
      "footer",
      { class: "kf-foot" },
      strip,
      make("nav", { class: "kf-nav", "aria-label": say("way") }, back, make("div", { class: "kf-count" }, count, closed), next),
    ),
    app.announcer.element,
  );
  title.id = "kf-title";
  let toastTimer = 0;

  /** @param {string} text */
  function showToast(text) {
    fill(
      toast,
      make("p", {}, text),
      button(say("close"), () => show(toast, false), { class: "kf-button kf-small" }),
    );
    show(toast, true);
    clearTimeout(toastTimer);
    toastTimer = window.setTimeout(() => show(toast, false), 12_000);
  }

  function update() {
    write(apart, app.room?.excluded ? say("excluded") : "");
    show(apart, Boolean(app.room?.excluded));
    const { key } = app.screen();
    const at = screens.findIndex((one) => one.key === key);
    write(title, say(`screen_${key}`));
    write(count, say("count", { at: at + 1, of: screens.length }));
    undo.setAttribute("aria-disabled", String(!store.canUndo()));
    redo.setAttribute("aria-disabled", String(!store.canRedo()));
    back.disabled = at === 0;
    write(next, app.nextLabel());
    next.disabled = at === screens.length - 1 || !app.isOpen(screens[at + 1].key);
    show(closed, next.disabled && at < screens.length - 1);
    const { state, waiting } = app.connection();
    const text =
      waiting && state !== "alone"
        ? say(`link_${state}_waiting`, { count: waiting })
        : say(`link_${state}`);
    connection.className = `kf-connection kf-link-${state}`;
    write(connection, text);
    const called = app.calledScreen();
    show(phase, Boolean(called && called !== key));
    if (called && phase.dataset.for !== called) {
      phase.dataset.for = called;
      fill(
        phase,
        make("p", {}, say("phase_now", { phase: say(`phase_${app.room?.phase}`) })),
        button(say("phase_open", { screen: say(`screen_${called}`) }), () => app.go(called), {
          class: "kf-button kf-small",
        }),
      );
    }
  }

  /** @param {string} text */
  function setStrip(text) {
    show(strip, Boolean(text));
    write(strip, text);
  }

  return { element, main, aside, title, update, toast: showToast, setStrip };
}

/** A dialog with a heading and a button that closes it. @param {App} app */
export function sheets(app) {
  const { say } = app;
  const heading = make("h2", { tabindex: "-1" });
  const body = make("div", { class: "kf-stack" });
  const dialog = make(
    "dialog",
    {
      class: "kf-sheet",
      "aria-labelledby": "kf-sheet-title",
      click: (/** @type {Event} */ event) => event.target === dialog && dialog.close(),
    },
    make(
      "div",
      { class: "kf-sheet-in kf-stack" },
      make(
        "div",
        { class: "kf-row kf-spread-row" },
        heading,
        button(say("close"), () => dialog.close(), { class: "kf-button kf-small" }),
      ),
      body,
    ),
  );
  heading.id = "kf-sheet-title";
  const contents = {
    menu: menuSheet,
    help: helpSheet,
    sources: sourcesSheet,
    display: displaySheet,
  };

  let shown = "";
  let listed = "";
  const screensOpen = () => JSON.stringify(app.screens.map(({ key }) => app.isOpen(key)));

  /** @param {string} name @param {string} [at] */
  function open(name, at) {
    shown = name;
    listed = screensOpen();
    write(heading, say(`sheet_${name}`));
    fill(
      body,
      contents[name](app, () => dialog.close(), at),
    );
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    const target = at ? body.querySelector(`[data-term="${CSS.escape(at)}"]`) : null;
    (target ?? heading).scrollIntoView?.({ block: "nearest" });
    (target ?? heading).focus();
  }

  /** The room may open a screen while somebody looks at the menu. */
  function update() {
    if (dialog.open && shown === "menu" && listed !== screensOpen()) open("menu");
  }

  return { element: dialog, open, update };
}

/** @param {App} app @param {() => void} close */
function menuSheet(app, close) {
  const { say } = app;
  const item = (/** @type {string} */ key, /** @type {number} */ at) => {
    const open = app.isOpen(key);
    const label = `${at + 1}. ${say(`screen_${key}`)}`;
    return make(
      "li",
      {},
      make(
        "button",
        {
          type: "button",
          class: "kf-menu-item",
          disabled: !open,
          "aria-current": app.screen().key === key ? "page" : null,
          click: () => {
            close();
            app.go(key);
          },
        },
        label,
        open ? null : make("span", { class: "kf-note" }, say("screen_closed")),
      ),
    );
  };
  return [
    make(
      "ol",
      { class: "kf-menu" },
      app.screens.map((one, at) => item(one.key, at)),
    ),
    make(
      "div",
      { class: "kf-row" },
      button(say("back_to_start"), () => {
        close();
        app.reset();
      }),
      button(say("open_sources"), () => app.openSheet("sources")),
      button(say("display"), () => app.openSheet("display")),
    ),
  ];
}

/** @param {App} app */
function displaySheet(app) {
  const { say } = app;
  const theme = choice({
    label: say("theme"),
    value: app.theme(),
    change: (value) => app.setTheme(value),
    options: ["light", "dark"].map((value) => ({ value, label: say(`theme_${value}`) })),
  });
  return [theme.element, app.sizeChoice(), app.langChoice()];
}

/** @param {App} app @param {() => void} _close @param {string} [at] */
function helpSheet(app, _close, at) {
  const { say } = app;
  const { key } = app.screen();
  const terms = app.glossary();
  const list = make(
    "dl",
    { class: "kf-glossary" },
    terms.map(({ name, meaning }) => [
      make("dt", { "data-term": name, tabindex: at === name ? "-1" : null }, name),
      make("dd", {}, meaning),
    ]),
  );
  return [
    at ? null : make("p", {}, app.rich(`help_screen_${key}`)),
    at ? null : make("p", {}, say("help_general")),
    make("h3", {}, say("glossary")),
    list,
  ];
}

/** @param {App} app */
function sourcesSheet(app) {
  const { say } = app;
  return [
    make("p", {}, say("sources_lead")),
    make(
      "ul",
      {},
      [1, 2, 3, 4, 5].map((at) => make("li", {}, app.rich(`assumption_${at}`))),
    ),
    make("h3", {}, say("sources_error")),
    app.staleText() && make("p", { class: "kf-apart" }, app.staleText()),
    make("p", {}, app.errorText()),
    make("h3", {}, say("sources_made")),
    make("p", { class: "kf-code" }, app.madeText()),
    make("h3", {}, say("sources_data")),
    make("p", {}, say("sources_data_text")),
  ];
}
