/** Accessible controls: sliders with steppers, choices, tabs, switches, a live region. */

import { button, make, uniqueName, write } from "./dom.js";

const ANNOUNCE_AFTER = 500;

/**
 * @typedef {object} SliderOptions
 * @property {string} label what it moves
 * @property {number} low
 * @property {number} high
 * @property {number} step
 * @property {number} value
 * @property {(value: number) => string} written the value in words, for the typed field
 * @property {(value: number) => string} sentence the value as a sentence, for aria-valuetext
 * @property {(text: string) => number|null} parse what was typed; null if it is no number
 * @property {string} less name of the minus button
 * @property {string} more name of the plus button
 * @property {string} typed name of the typed field
 * @property {(low: string, high: string) => string} wrong said when it is outside
 * @property {(value: number) => void} change told on every move
 * @property {number|null} [mark] a value that is marked on the track, for instance today's
 * @property {number} [stride] how far the buttons move; as `step` if left out
 * @property {string} [about] identifier of the text that tells it from others of the same name
 */

/**
 * A native range with − and + and a typed value.
 * @param {SliderOptions} options
 */
export function slider(options) {
  const { low, high, step, label } = options;
  const stride = options.stride ?? step;
  const name = uniqueName("slider");
  let value = options.value;
  const range = make("input", {
    type: "range",
    id: name,
    min: low,
    max: high,
    step,
    value,
    class: "kf-range",
    input: () => move(Number(range.value)),
    "aria-describedby": options.about,
  });
  const typed = make("input", {
    type: "text",
    inputmode: "decimal",
    class: "kf-typed",
    autocomplete: "off",
    "aria-label": options.typed,
    change: read,
    focus: () => typed.select(),
    keydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && read(),
  });
  const problem = make("p", { class: "kf-problem", id: uniqueName("problem"), hidden: true });
  typed.setAttribute("aria-describedby", [problem.id, options.about].filter(Boolean).join(" "));
  const minus = button("−", () => move(value - stride), {
    "aria-label": options.less,
    "aria-describedby": options.about,
    class: "kf-step",
  });
  const plus = button("+", () => move(value + stride), {
    "aria-label": options.more,
    "aria-describedby": options.about,
    class: "kf-step",
  });
  const track = make("div", { class: "kf-track" }, range);
  if (options.mark !== null && options.mark !== undefined) {
    const part = (options.mark - low) / (high - low);
    track.append(make("span", { class: "kf-mark", "aria-hidden": "true", style: `--at:${part}` }));
  }
  const element = make(
    "div",
    { class: "kf-slider" },
    make("label", { for: name, class: "kf-label" }, label),
    make("div", { class: "kf-slider-row" }, minus, track, plus, typed),
    problem,
  );

  /** @param {number} wanted */
  function nearest(wanted) {
    const steps = Math.round((wanted - low) / step);
    const tidy = Number((low + steps * step).toPrecision(12));
    return Math.min(Math.max(tidy, low), high);
  }

  /** @param {number} wanted */
  function move(wanted) {
    const next = nearest(wanted);
    const moved = next !== value;
    put(next);
    if (moved) options.change(next);
  }

  function read() {
    const found = options.parse(typed.value);
    if (found === null || found < low - 1e-9 || found > high + 1e-9) {
      problem.hidden = false;
      write(problem, options.wrong(options.written(low), options.written(high)));
      typed.setAttribute("aria-invalid", "true");
      return;
    }
    move(found);
    if (document.activeElement === typed) typed.select(); // so that the next number replaces it
  }

  /**
   * Show a value without telling anybody. A page that is drawn anew while somebody types leaves
   * alone what they type and what was wrong with it.
   * @param {number} next
   */
  function set(next) {
    if (next !== value || document.activeElement !== typed) put(next);
    else range.setAttribute("aria-valuetext", options.sentence(next));
  }

  /** @param {number} next */
  function put(next) {
    value = next;
    problem.hidden = true;
    typed.removeAttribute("aria-invalid");
    range.value = String(next);
    range.style.setProperty("--at", String((next - low) / (high - low)));
    range.setAttribute("aria-valuetext", options.sentence(next));
    typed.value = options.written(next);
    // Not disabled: a button that vanishes under the finger takes the focus with it.
    minus.setAttribute("aria-disabled", String(next <= low));
    plus.setAttribute("aria-disabled", String(next >= high));
  }

  /** @param {boolean} closed */
  function lock(closed) {
    for (const part of [range, typed, minus, plus]) part.disabled = closed;
  }

  set(nearest(value));
  return { element, set, lock, focus: () => range.focus() };
}

/**
 * @typedef {object} ChoiceOptions
 * @property {string} label
 * @property {{value: string, label: string, note?: string}[]} options
 * @property {string|null} value
 * @property {(value: string) => void} change
 * @property {string} [look] "steps" in a row, "big" large buttons, "list" below each other
 * @property {boolean} [quiet] the label is only for those who listen
 */

/** One of several, as native radio buttons. @param {ChoiceOptions} options */
export function choice(options) {
  const name = uniqueName("choice");
  /** @type {Map<string, HTMLInputElement>} */
  const inputs = new Map();
  const items = options.options.map((option) => {
    const input = make("input", {
      type: "radio",
      name,
      value: option.value,
      checked: option.value === options.value,
      change: () => options.change(option.value),
    });
    inputs.set(option.value, input);
    const note = option.note ? make("span", { class: "kf-note" }, option.note) : null;
    return make(
      "label",
      { class: "kf-option" },
      input,
      make("span", {}, make("span", { class: "kf-option-name" }, option.label), note),
    );
  });
  const element = make(
    "fieldset",
    { class: `kf-choice kf-${options.look ?? "steps"}` },
    make("legend", { class: options.quiet ? "kf-unseen" : "kf-label" }, options.label),
    make("div", { class: "kf-options" }, items),
  );

  /** Show a value without telling anybody. @param {string|null} value */
  function set(value) {
    for (const [of, input] of inputs) input.checked = of === value;
  }

  /** @param {boolean} closed */
  function lock(closed) {
    for (const input of inputs.values()) input.disabled = closed;
  }

  return { element, set, lock };
}

/**
 * A switch that is on or off.
 * @param {{label: string, on: string, off: string, value: boolean,
 *          change: (value: boolean) => void}} options
 */
export function toggle(options) {
  const word = make("span", { class: "kf-switch-word", "aria-hidden": "true" });
  const input = make("input", {
    type: "checkbox",
    role: "switch",
    checked: options.value,
    change: () => {
      set(input.checked);
      options.change(input.checked);
    },
  });
  const element = make(
    "label",
    { class: "kf-switch" },
    input,
    make("span", { class: "kf-switch-name" }, options.label),
    word,
  );

  /** @param {boolean} value */
  function set(value) {
    input.checked = value;
    write(word, value ? options.on : options.off);
  }

  set(options.value);
  return { element, set };
}

/**
 * A box to tick.
 * @param {{label: string, name: string, value: boolean, change: (value: boolean) => void}} options
 *   `name` says it to those who listen, and begins with the label
 */
export function tick(options) {
  const input = make("input", {
    type: "checkbox",
    checked: options.value,
    "aria-label": options.name,
    change: () => options.change(input.checked),
  });
  const element = make("label", { class: "kf-tick" }, input, make("span", {}, options.label));
  return { element, set: (/** @type {boolean} */ value) => (input.checked = value) };
}

/**
 * A list to choose from.
 * @param {{label: string, options: {value: string, label: string}[], value: string,
 *          change: (value: string) => void, about?: string}} options `about` as of a slider
 */
export function selector(options) {
  const name = uniqueName("select");
  const select = make(
    "select",
    {
      id: name,
      class: "kf-select",
      "aria-describedby": options.about,
      change: () => options.change(select.value),
    },
    options.options.map(({ value, label }) => make("option", { value }, label)),
  );
  select.value = options.value;
  const element = make(
    "div",
    { class: "kf-field" },
    make("label", { for: name, class: "kf-label" }, options.label),
    select,
  );
  return { element, set: (/** @type {string} */ value) => (select.value = value) };
}

/**
 * Tabs, one panel each; arrow keys go from tab to tab.
 * @param {string} label
 * @param {{key: string, label: string, panel: Element}[]} pages
 * @param {string} first key of the one that is open
 * @param {(key: string) => void} change
 */
export function tabs(label, pages, first, change) {
  const stem = uniqueName("tabs");
  /** @type {Map<string, {tab: any, panel: any}>} */
  const parts = new Map();
  const list = make("div", {
    role: "tablist",
    "aria-label": label,
    class: "kf-tabs",
    keydown: onKey,
  });
  const element = make("div", { class: "kf-tabbed" }, list);
  for (const page of pages) {
    const tab = make(
      "button",
      {
        type: "button",
        role: "tab",
        id: `${stem}-${page.key}`,
        class: "kf-tab",
        "aria-controls": `${stem}-${page.key}-panel`,
        click: () => open(page.key, true),
      },
      page.label,
    );
    const panel = make(
      "div",
      {
        role: "tabpanel",
        id: `${stem}-${page.key}-panel`,
        class: "kf-panel",
        "aria-labelledby": tab.id,
        tabindex: "0",
      },
      page.panel,
    );
    parts.set(page.key, { tab, panel });
    list.append(tab);
    element.append(panel);
  }

  /** @param {string} key @param {boolean} [tell] */
  function open(key, tell = false) {
    for (const [of, { tab, panel }] of parts) {
      tab.setAttribute("aria-selected", String(of === key));
      tab.tabIndex = of === key ? 0 : -1;
      panel.hidden = of !== key;
    }
    if (tell) change(key);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const keys = [...parts.keys()];
    const now = keys.findIndex((key) => parts.get(key)?.tab === document.activeElement);
    const next = keys[(now + step + keys.length) % keys.length];
    open(next, true);
    parts.get(next)?.tab.focus();
  }

  open(parts.has(first) ? first : pages[0].key);
  return { element, open };
}

/** A polite live region that says only the last of a quick row of sentences. */
export function announcer() {
  const element = make("div", { class: "kf-unseen", role: "status", "aria-live": "polite" });
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let waiting;

  /** @param {string} text @param {number} [after] milliseconds */
  function announce(text, after = ANNOUNCE_AFTER) {
    clearTimeout(waiting);
    waiting = setTimeout(() => write(element, text), after);
  }

  return { element, announce };
}
