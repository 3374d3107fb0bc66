/**
 * The link to the kernel: a queue of entries that survives everything, and what is done when the
 * kernel, the server, the network or the phone goes away.
 *
 * Every entry is one item of the browser's storage until the kernel has acknowledged it, so that
 * a reload, a slept phone, a second tab or a server that starts anew loses none. An entry that is
 * sent twice counts once, since its id is made here.
 */

import { browserStorage } from "./store.js";
import { randomId } from "./dom.js";

/**
 * @typedef {{id: string, kind: string, body: Record<string, unknown>}} Entry
 * @typedef {"alone"|"connecting"|"connected"|"offline"} Connection
 * @typedef {object} LinkOptions
 * @property {any} model of the widget; null for a page without a kernel
 * @property {string} key prefix of this session in the browser's storage
 * @property {string} participant random code of this visitor
 * @property {() => string} lang
 * @property {(state: any, own: Entry[]|null) => void} onState `own` only when the kernel greets
 * @property {(connection: Connection, waiting: number) => void} onConnection
 * @property {(refused: {entry: Entry|undefined, why: string}[]) => void} onRefused
 * @property {(entries: Entry[]) => void} onStored
 * @property {(file: {name: string, type: string, bytes: ArrayBuffer}) => void} onFile
 * @property {() => Promise<"alive"|"ended"|"silent">} [probe] asks the server, not the kernel
 * @property {() => void} [reload]
 * @property {number} [pace] divides all waiting times; for tests
 */

const OFFLINE_AFTER = 8_000;
const GREET_EVERY = 15_000;
/** A page says at least so often that it is there, whatever it hears. */
const HERE_EVERY = 20_000;
const ASK_EVERY = 4_000;
const RESEND_AFTER = 6_000;
const DEAD_AFTER = 25_000;
const RELOAD_EVERY = 45_000;
const TRY_EVERY = 3_000;
const MOST_AT_ONCE = 20;
/** No such kernel; or a server that does not know who asks, and has to be told the secret. */
const ENDED = [401, 403, 404];

/** Ask the server about this page's kernel, or whether it answers at all.
 *  @returns {Promise<"alive"|"ended"|"silent">} */
export async function askServer() {
  const settings = document.querySelector("#jupyter-config-data")?.textContent;
  const { kernelId, baseUrl } = settings ? JSON.parse(settings) : {};
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ASK_EVERY);
  try {
    const address = kernelId ? `${baseUrl ?? "/"}api/kernels/${kernelId}` : location.href;
    // HEAD of the page itself starts no kernel.
    const method = kernelId ? "GET" : "HEAD";
    const answer = await fetch(address, { method, signal: stop.signal, cache: "no-store" });
    return kernelId && ENDED.includes(answer.status) ? "ended" : "alive";
  } catch {
    return "silent";
  } finally {
    clearTimeout(timer);
  }
}

/** Entries that wait, each under its own key. @param {string} prefix */
function storedQueue(prefix) {
  /** @type {Map<string, Entry & {order: number}>} */
  const entries = new Map();
  try {
    for (let place = 0; place < localStorage.length; place += 1) {
      const key = localStorage.key(place) ?? "";
      const entry = key.startsWith(prefix) ? browserStorage(key).read() : null;
      if (entry?.id && entry.kind) entries.set(entry.id, entry);
    }
  } catch {
    /* storage is forbidden: the queue lives as long as the page */
  }
  let order = Math.max(0, ...[...entries.values()].map((entry) => entry.order ?? 0));
  return {
    /** @param {Entry} entry */
    add(entry) {
      order += 1;
      const kept = { ...entry, order };
      entries.set(entry.id, kept);
      browserStorage(prefix + entry.id).write(kept);
    },
    /** @param {string} id */
    remove(id) {
      entries.delete(id);
      browserStorage(prefix + id).remove();
    },
    get: (/** @type {string} */ id) => entries.get(id),
    all: () => [...entries.values()].sort((a, b) => a.order - b.order),
  };
}

/** @param {LinkOptions} options */
export function openLink(options) {
  const { model, participant } = options;
  const pace = options.pace ?? 1;
  const probe = options.probe ?? askServer;
  const reload = options.reload ?? (() => location.reload());
  const queue = storedQueue(`${options.key}:entry:`);
  const reloads = browserStorage(`${options.key}:reloaded`);
  /** @type {Map<string, number>} when an entry was sent last */
  const sent = new Map();
  /** @type {Connection} */
  let connection = model ? "connecting" : "alone";
  let heard = 0;
  let asked = 0;
  let greeted = 0;
  let told = 0;
  let silentSince = Date.now();
  let offlineAfter = OFFLINE_AFTER;
  let lastTry = 0;
  /** @type {Record<string, unknown>|null} */
  let nextTry = null;
  let ended = false;

  /** @param {Connection} next */
  function become(next) {
    if (next === "connected") silentSince = 0;
    else if (!silentSince) silentSince = Date.now();
    connection = next;
    tell();
  }

  function tell() {
    options.onConnection(connection, queue.all().filter((entry) => entry.kind !== "try").length);
  }

  function greet() {
    greeted = Date.now();
    model.send({ do: "hello", participant, lang: options.lang() });
  }

  function flush() {
    if (!model || connection !== "connected") return;
    const now = Date.now();
    const due = queue
      .all()
      .filter(({ id }) => now - (sent.get(id) ?? 0) > RESEND_AFTER / pace)
      .slice(0, MOST_AT_ONCE);
    if (!due.length) return;
    for (const { id } of due) sent.set(id, now);
    model.send({ do: "enter", entries: due.map(({ id, kind, body }) => ({ id, kind, body })) });
  }

  /** Hand in an entry: now, or when the link is back. @param {string} kind
   *  @param {Record<string, unknown>} body @returns {string} its id */
  function enter(kind, body) {
    const entry = { id: randomId(), kind, body };
    if (!model) return entry.id;
    queue.add(entry);
    tell();
    flush();
    return entry.id;
  }

  /** Levers that were tried: only the last of a quick row, and none while offline.
   *  @param {Record<string, unknown>} body */
  function tried(body) {
    if (!model) return;
    const first = nextTry === null;
    nextTry = body;
    if (!first) return;
    setTimeout(
      () => {
        lastTry = Date.now();
        if (connection === "connected" && nextTry) enter("try", nextTry);
        nextTry = null;
      },
      Math.max(TRY_EVERY / pace - (Date.now() - lastTry), 0),
    );
  }

  /** @param {any} message @param {DataView[]} [buffers] */
  function take(message, buffers = []) {
    heard = Date.now();
    if (connection !== "connected") become("connected");
    if (message.is === "welcome") options.onState(message.state, message.own ?? []);
    if (message.is === "state") options.onState(message.state, null);
    if (message.state?.limits?.offline_after_s) {
      offlineAfter = message.state.limits.offline_after_s * 1000;
    }
    if (message.is === "ack") acknowledge(message);
    if (message.is === "refused")
      options.onRefused([{ entry: undefined, why: String(message.why) }]);
    if (message.is === "file") {
      const view = buffers[0];
      const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
      options.onFile({ name: message.name, type: message.type, bytes: /** @type {any} */ (bytes) });
    }
    flush();
  }

  /** What was refused only for the moment (`again`) stays in the queue and is sent once more.
   *  @param {{ids?: string[], refused?: {id: string, why: string, again?: boolean}[]}} message */
  function acknowledge({ ids = [], refused = [] }) {
    const stored = ids.map((id) => queue.get(id)).filter(Boolean);
    const final = refused.filter(({ id, again }) => !again || queue.get(id)?.kind === "try");
    const denied = final.map(({ id, why }) => ({ entry: queue.get(id), why }));
    for (const id of [...ids, ...final.map((one) => one.id)]) {
      queue.remove(id);
      sent.delete(id);
    }
    if (stored.length) options.onStored(/** @type {Entry[]} */ (stored));
    const seen = denied.filter(({ entry }) => entry?.kind !== "try");
    if (seen.length) options.onRefused(seen);
    tell();
  }

  /** A page may reload itself, but not again and again. */
  function mayReload() {
    const last = Number(reloads.read() ?? 0);
    if (Date.now() - last < RELOAD_EVERY / pace) return false;
    reloads.write(Date.now());
    return true;
  }

  async function look() {
    const now = Date.now();
    flush();
    const quiet = now - Math.max(heard, greeted);
    if (connection === "connected" && quiet > GREET_EVERY / pace) greet();
    if (connection === "connected" && now - told > HERE_EVERY / pace) {
      told = now;
      model.send({ do: "here" });
    }
    const unanswered = greeted > heard && now - greeted > offlineAfter / pace;
    if (unanswered && connection !== "offline") become("offline");
    if (connection !== "offline" || now - asked < ASK_EVERY / pace) return;
    asked = now;
    const answer = await probe();
    if (ended || connection !== "offline" || answer === "silent") {
      if (answer === "silent") silentSince = Date.now();
      return;
    }
    // The server answers. If only the network was away, the kernel will answer soon; if it has
    // ended, or does not answer for long, a new page gets a new kernel.
    if (answer === "ended" || Date.now() - silentSince > DEAD_AFTER / pace) {
      if (mayReload()) return reload();
    }
    greet();
  }

  /** @type {ReturnType<typeof setInterval>|undefined} */
  let clock;
  const wake = () => {
    if (document.visibilityState === "hidden" || !model) return;
    // After a sleep the old silence means nothing: ask first, and give the kernel time to answer.
    if (silentSince) silentSince = Date.now();
    if (Date.now() - heard > GREET_EVERY / pace) greet();
  };
  const cutOff = () => become("offline");
  if (model) {
    model.on("msg:custom", take);
    document.addEventListener("visibilitychange", wake);
    window.addEventListener("online", wake);
    window.addEventListener("offline", cutOff);
    clock = setInterval(look, 1000 / pace);
    greet();
  }
  tell();

  return {
    enter,
    tried,
    flush,
    connection: () => connection,
    waiting: () => queue.all(),
    /** Ask for the state in the language of now; who is cut off asks when the kernel is back. */
    renew: () => connection === "connected" && greet(),
    /** Ask the kernel for a document. @param {string} form @param {string} lang */
    draft: (form, lang) => model?.send({ do: "draft", lang, form }),
    close() {
      ended = true;
      clearInterval(clock);
      document.removeEventListener("visibilitychange", wake);
      window.removeEventListener("online", wake);
      window.removeEventListener("offline", cutOff);
      model?.off?.("msg:custom", take);
    },
  };
}
