/**
 * What one visitor has done: kept in the browser, with undo, redo and back to the start.
 *
 * `work` is what can be undone; everything else (language, theme, locked guesses, stances that
 * were sent) is not taken back by undo.
 */

/**
 * @typedef {{levers: Record<string, number>, kept: string[], taken: Record<string, number>}} Package
 *   `taken` is the money taken from each budget line, rupiah per year
 * @typedef {object} Work
 * @property {Record<string, number>} levers a lever at its present setting is absent
 * @property {string[]} kept levers of which the visitor said that they stay as they are; on one
 *   that is neither moved nor kept there is no opinion
 * @property {Record<string, number>} taken
 * @property {string} place
 * @property {string} shock
 * @property {Package|null} a
 * @property {Package|null} b
 */

const LONGEST_HISTORY = 60;
const MERGE_WITHIN = 1200;
const SAVE_AFTER = 250;

/** What can be undone, at the start. @param {string} place @returns {Work} */
export const newWork = (place) => ({
  levers: {},
  kept: [],
  taken: {},
  place,
  shock: "none",
  a: null,
  b: null,
});

/** @template T @param {T} value @returns {T} */
function copied(value) {
  return structuredClone(value);
}

/** Browser storage that may be full or forbidden. @param {string} key */
export function browserStorage(key) {
  return {
    /** @returns {any} */
    read() {
      try {
        return JSON.parse(localStorage.getItem(key) ?? "null");
      } catch {
        return null; // forbidden, or written by something else
      }
    },
    /** @param {unknown} value */
    write(value) {
      try {
        localStorage.setItem(key, JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
    remove() {
      try {
        localStorage.removeItem(key);
      } catch {
        /* forbidden: there is nothing to remove */
      }
    },
  };
}

/**
 * @param {{read: () => any, write: (value: unknown) => boolean}} storage
 * @param {{version: number, work: Work} & Record<string, any>} start
 */
export function openStore(storage, start) {
  const kept = storage.read();
  const fits = kept && kept.version === start.version && kept.work;
  /** Work that an older page kept has not all of today's parts. @param {any} work @returns {Work} */
  const whole = (work) => ({ ...copied(start.work), ...work });
  /** @type {any} */
  const state = fits
    ? { ...copied(start), ...kept, work: whole(kept.work) }
    : copied(start);
  /** @type {Work[]} */
  const past = fits && Array.isArray(kept.past) ? kept.past.map(whole) : [];
  /** @type {Work[]} */
  const future = fits && Array.isArray(kept.future) ? kept.future.map(whole) : [];
  /** @type {Set<() => void>} */
  const listeners = new Set();
  let merged = { key: "", at: 0 };
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let waiting;

  function save() {
    clearTimeout(waiting);
    waiting = undefined;
    return storage.write({ ...state, past, future });
  }

  function saveSoon() {
    waiting ??= setTimeout(save, SAVE_AFTER);
  }

  function tell() {
    saveSoon();
    for (const listener of listeners) listener();
  }

  /**
   * Change what can be undone. Changes with the same key in a quick row are undone together, so
   * that a drag is one step.
   * @param {(work: Work) => void} act @param {string} [key]
   */
  function change(act, key = "") {
    const before = copied(state.work);
    act(state.work);
    if (JSON.stringify(before) === JSON.stringify(state.work)) return;
    const now = Date.now();
    if (!key || key !== merged.key || now - merged.at > MERGE_WITHIN) {
      past.push(before);
      if (past.length > LONGEST_HISTORY) past.shift();
    }
    merged = { key, at: now };
    future.length = 0;
    tell();
  }

  /** Change what cannot be undone. @param {(state: any) => void} act */
  function put(act) {
    act(state);
    tell();
  }

  /** Change the work as if it had always been so: undo and redo do not bring the old back.
   *  @param {(work: Work) => void} act */
  function always(act) {
    for (const work of [state.work, ...past, ...future]) act(work);
    tell();
  }

  /** @param {Work[]} from @param {Work[]} to */
  function step(from, to) {
    const other = from.pop();
    if (!other) return false;
    to.push(state.work);
    state.work = other;
    merged = { key: "", at: 0 };
    tell();
    return true;
  }

  return {
    state,
    change,
    put,
    always,
    save,
    undo: () => step(past, future),
    redo: () => step(future, past),
    canUndo: () => past.length > 0,
    canRedo: () => future.length > 0,
    /** @param {() => void} listener */
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
